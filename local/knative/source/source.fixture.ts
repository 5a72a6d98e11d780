// For tests: a source on a log and a task that are both literals.
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import type { Log, LogRecord, Subscription } from '#kafka/log/port.ts'
import type { Rules } from '#kit/delivery-rules.ts'
import { silent, submittedEvent, wireOf } from '#kit/events.fixture.ts'
import type { Answer } from '../function-process.ts'
import { type Source, startSource } from './source.ts'

export const quick: Rules = { retries: 3, delay: 1, timeout: 1000, inFlight: 10, open: 50 }

/** A status, at once or later, or a message where there is no answer. */
type Outcome = number | string | Promise<number>

interface Given {
  source: Source
  /** Hands a record to the source, as its consumer does: resolves when it is settled. */
  handOut: (record?: LogRecord) => Promise<void>
  /** The answers are given one by one, the last for ever. Resolves to the headers of each post. */
  posted: Record<string, string>[]
  bodies: (string | Buffer)[]
  letters: [topic: string, event: FormEvent, body?: string][]
  subscription: Subscription
  /** Resolves once there were so many posts. */
  posts: (count: number) => Promise<void>
  /** What the consumer was told to go on behind. */
  skips: [partition: number, offset: number][]
}

export const record: LogRecord = {
  topic: 'forms.submitted',
  partition: 3,
  offset: 7,
  ...wireOf(submittedEvent({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })),
}

export async function givenSource(
  outcomes: Outcome[],
  given: {
    rules?: Partial<Rules>
    append?: (event: FormEvent) => Promise<void>
    logger?: Logger
    standsElsewhere?: boolean
  } = {},
): Promise<Given> {
  const posted: Given['posted'] = []
  const bodies: Given['bodies'] = []
  const letters: Given['letters'] = []
  const skips: Given['skips'] = []
  let subscription: Subscription | undefined
  const watching: (() => void)[] = []
  const log: Log = {
    async append(topic, event, body) {
      await given.append?.(event)
      letters.push([topic, event, body])
    },
    async consume(asked) {
      subscription = asked
      return {
        lag: async () => 5,
        oldest: async () => undefined,
        bounds: async () => [],
        async skip({ partition, offset, keep }) {
          if (given.standsElsewhere) throw new Error('stands elsewhere')
          await keep()
          skips.push([partition, offset])
        },
        close: async () => {},
      }
    },
    ready: () => true,
    close: async () => {},
  }
  async function post(headers: Record<string, string>, body: string | Buffer): Promise<Answer> {
    const outcome = outcomes[Math.min(posted.length, outcomes.length - 1)] as Outcome
    posted.push(headers)
    bodies.push(body)
    for (const look of watching) look()
    if (typeof outcome === 'string') throw new Error(outcome)
    const status = await outcome
    return { status, body: `answer ${status}` }
  }
  const rules = { ...quick, ...given.rules }
  const options = {
    task: 'slang',
    topic: 'forms.submitted',
    log,
    post,
    rules,
    logger: given.logger ?? silent,
  }
  const source = await startSource(options)
  const asked = subscription as unknown as Subscription
  return {
    source,
    posted,
    bodies,
    letters,
    skips,
    subscription: asked,
    handOut: (one = record) => asked.handle(one),
    posts: (count) =>
      new Promise((resolve) => {
        const look = () => void (posted.length >= count && resolve())
        watching.push(look)
        look()
      }),
  }
}

/** Why a letter is dead. */
export const errorOf = ([, event]: Given['letters'][number]) => ({
  dest: event.knativeerrordest,
  code: event.knativeerrorcode,
  data: Buffer.from(String(event.knativeerrordata), 'base64').toString(),
})
