"""Writes a submission of the form `demo` to Kafka: python kafka/examples/produce.py <item1> <item2>"""

import json
import os
import string
import sys
from datetime import datetime, timezone
from urllib.parse import quote
from uuid import uuid4

from confluent_kafka import Producer

item1, item2 = (sys.argv[1:] + ["", ""])[:2]

# A retry must use the same id: then the submission counts once.
id = str(uuid4())

attributes = {
    "specversion": "1.0",
    "id": id,
    "source": "/examples/produce.py",
    "type": "formstream.submission.submitted",
    "subject": id,
    "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "dataschema": "urn:formstream:schema:formstream.submission.submitted",
    "form": "demo",
    "partitionkey": id,
}

# HTTP headers cannot carry space, double quote, percent, and characters outside printable ASCII: these are encoded.
SAFE = string.punctuation.replace('"', "").replace("%", "")

headers = {f"ce_{name}": quote(value, safe=SAFE) for name, value in attributes.items()}
headers["content-type"] = "application/json"

errors = []


def delivered(error, _message):
    if error is not None:
        errors.append(str(error))


producer = Producer(
    {
        "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092"),
        "acks": "all",
        "enable.idempotence": True,
        # The partitioner of the Java client.
        "partitioner": "murmur2_random",
    }
)
answers = {"item1": item1, "item2": item2}
producer.produce(
    "forms.submitted",
    key=id,
    headers=headers,
    value=json.dumps({"answers": answers}),
    on_delivery=delivered,
)
producer.flush()
if errors:
    sys.exit(f"Not written: {errors[0]}")
print(id)
