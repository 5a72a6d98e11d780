// What receivers got and what was published, by target, and whom the dead letters name.
import { deadLetter, forwarded } from '#kafka/events.ts'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import type { Receiver } from '../../functions/webhook/webhook.fixture.ts'
import { openReading } from '../../local/knative/read-topic.ts'

export interface TargetCounts {
  /** Messages that the target has, by their ids. */
  messages: number
  /** Messages that it got more than once. */
  repeated: number
  /** Messages whose delivery was published. */
  published: number
}

export interface WebhookCounts {
  /** By target. */
  targets: Record<string, TargetCounts>
  /** Requests whose signature the reference library refuses. */
  forged: number
  letters: number
  /** The texts of letters that do not name the broken target alone. */
  otherLetters: string[]
}

export async function countWebhooks(log: Log, receivers: Receiver[]): Promise<WebhookCounts> {
  const received = receivers.flatMap((one) => one.received)
  const publishedIds = new Set<string>()
  await readAll(log, forwarded.name, ({ headers }) => publishedIds.add(headers['ce-id'] as string))
  const texts: string[] = []
  await readAll(log, deadLetter.name, ({ headers }) => {
    texts.push(Buffer.from(headers['ce-knativeerrordata'] ?? '', 'base64').toString())
  })
  const count = (target: string): TargetCounts => {
    const ids = received
      .filter(({ path }) => path === `/${target}`)
      .map(({ headers }) => headers['webhook-id'])
    const messages = new Set(ids).size
    const published = [...publishedIds].filter((id) => id.includes(`.webhook.${target}.`)).length
    return { messages, repeated: ids.length - messages, published }
  }
  const targets = ['working', 'late', 'broken', 'other'].map((name) => [name, count(name)])
  return {
    targets: Object.fromEntries(targets),
    forged: receivers.reduce((sum, { forged }) => sum + forged, 0),
    letters: texts.length,
    otherLetters: texts.filter((text) => !namesOnlyBroken(text)),
  }
}

const namesOnlyBroken = (text: string): boolean =>
  text.includes('\\"broken\\":') && !/\\"(working|late|other)\\":/.test(text)

async function readAll(log: Log, topic: string, each: (record: LogRecord) => unknown) {
  const reading = await openReading(log, topic)
  await reading.read(async (record) => void each(record))
  await reading.close()
}
