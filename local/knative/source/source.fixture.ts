// A source on a log and a task that both live in memory.
import type { Logger } from 'pino'
import type { KeyedMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import type { Log, LogRecord, Subscription } from '#kafka/log/port.ts'
import type { Rules } from '#kit/delivery-rules.ts'
import { silent, submittedEvent, wireOf } from '#kit/events.fixture.ts'
import { readRecord } from '#kit/http/read-event.ts'
import type { FunctionResponse } from '../running-function.ts'
import { type Source, startSource } from './source.ts'

export const fastRules: Rules = { retries: 3, delay: 1, timeout: 1000, inFlight: 10, open: 50 }

/** The status of a response, at once or later; or, without a response, the error message. */
type Outcome = number | string | Promise<number>

interface TestSource {
  source: Source
  /** Gives a record to the source as its consumer does. Resolves when the record is handled. */
  handOut: (record?: LogRecord) => Promise<void>
  /** Headers of each request to the task. */
  posted: Record<string, string>[]
  bodies: (string | Buffer)[]
  letters: [topic: string, event: FormEvent, message: KeyedMessage][]
  subscription: Subscription
  /** Resolves after this many requests. */
  posts: (count: number) => Promise<void>
  /** The records that the consumer was told to skip. */
  skips: [partition: number, offset: number][]
}

interface Options {
  rules?: Partial<Rules>
  append?: (message: KeyedMessage) => Promise<void>
  logger?: Logger
  /** The consumer refuses to skip, because it is at another record. */
  refuseSkip?: boolean
}

export const record: LogRecord = {
  topic: 'forms.submitted',
  partition: 3,
  offset: 7,
  ...wireOf(submittedEvent({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })),
}

/** `outcomes`: of the first request, the second, …; the last one is repeated. */
export async function startTestSource(
  outcomes: Outcome[],
  { rules, append, logger = silent, refuseSkip = false }: Options = {},
): Promise<TestSource> {
  const posted: TestSource['posted'] = []
  const bodies: TestSource['bodies'] = []
  const letters: TestSource['letters'] = []
  const skips: TestSource['skips'] = []
  let subscription: Subscription | undefined
  const onPost: (() => void)[] = []
  const log: Log = {
    async append(topic, message) {
      await append?.(message)
      letters.push([topic, readRecord(message), message])
    },
    async consume(given) {
      subscription = given
      return {
        lag: async () => 5,
        oldest: async () => undefined,
        bounds: async () => [],
        async skip({ partition, offset, keep }) {
          if (refuseSkip) throw new Error('not at this record')
          await keep()
          skips.push([partition, offset])
        },
        close: async () => {},
      }
    },
    ready: () => true,
    close: async () => {},
  }
  async function post(
    headers: Record<string, string>,
    body: string | Buffer,
  ): Promise<FunctionResponse> {
    const outcome = outcomes[Math.min(posted.length, outcomes.length - 1)] as Outcome
    posted.push(headers)
    bodies.push(body)
    for (const check of onPost) check()
    if (typeof outcome === 'string') throw new Error(outcome)
    const status = await outcome
    return { status, body: `answer ${status}` }
  }
  const source = await startSource({
    task: 'slang',
    topics: ['forms.submitted'],
    log,
    post,
    rules: { ...fastRules, ...rules },
    logger,
  })
  const consumed = subscription as unknown as Subscription
  return {
    source,
    posted,
    bodies,
    letters,
    skips,
    subscription: consumed,
    handOut: (one = record) => consumed.handle(one),
    posts: (count) =>
      new Promise((resolve) => {
        const check = () => void (posted.length >= count && resolve())
        onPost.push(check)
        check()
      }),
  }
}

/** The error attributes of a dead letter. */
export const errorOf = ([, event]: TestSource['letters'][number]) => ({
  dest: event.knativeerrordest,
  code: event.knativeerrorcode,
  data: Buffer.from(String(event.knativeerrordata), 'base64').toString(),
})
