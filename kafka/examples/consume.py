"""Prints the events of a topic, one JSON line each: python kafka/examples/consume.py [topic] [group]"""

import json
import os
import signal
import sys
from urllib.parse import unquote

from confluent_kafka import Consumer

topic = sys.argv[1] if len(sys.argv) > 1 else "forms.validated"
group = sys.argv[2] if len(sys.argv) > 2 else "example-python"


def line_of(message):
    headers = dict(message.headers() or [])
    if not headers.get("ce_id"):
        raise ValueError("Expected the header ce_id, found none")
    event = {}
    for name in ["id", "type", "form", "subject"]:
        value = headers.get(f"ce_{name}")
        event[name] = unquote(value.decode(), errors="strict") if value else None
    event["data"] = json.loads(message.value() or "null")
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


running = True


def stop(_signal, _frame):
    global running
    running = False


for name in [signal.SIGINT, signal.SIGTERM]:
    signal.signal(name, stop)

# Prints UTF-8 whatever the locale of the machine.
sys.stdout.reconfigure(encoding="utf-8")

consumer = Consumer(
    {
        "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092"),
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)
consumer.subscribe([topic])
while running:
    message = consumer.poll(0.5)
    if message is None:
        continue
    if message.error():
        # The client retries by itself, for example while the brokers are unreachable.
        print(message.error(), file=sys.stderr)
        continue
    try:
        print(line_of(message), flush=True)
    except ValueError as error:
        # An unreadable record stays unreadable: stopping here would block all later ones.
        position = f"{topic}/{message.partition()}/{message.offset()}"
        print(f"Skipped {position}: {error}", file=sys.stderr)
    # Work first, then commit: after a crash an event may be delivered again, but none is lost.
    consumer.commit(message=message, asynchronous=False)
consumer.close()
