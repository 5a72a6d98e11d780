// Publishes letters to the KafkaSink of forms.dead-letter, and makes of each what that takes.
import { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Message } from '#kafka/binary-mode.ts'
import { post } from '#kafka/http-post.ts'
import { LogUnavailable } from '#kafka/log/port.ts'
import { type AddToken, senderToken } from '#kit/http/sender-token.ts'
import { shown } from '#kit/printable.ts'
import { errorsIn } from './failed-record.ts'
import { type Came, lessThan, letterOf, mostBytes, unreadableType } from './letter.ts'
import type { Count } from './metrics.ts'
import { Letters } from './unwritten-letters.ts'

export interface Sink {
  /** False where the letter could not be published in time: the dispatcher has to send it again. */
  publish: (came: Came) => Promise<boolean>
  /** Why nothing can be published, now or as long as this process lives. */
  problem: () => string | undefined
  /** Letters that could not be published yet. */
  waiting: () => number
  close: () => void
}

interface SinkOptions {
  url: string | undefined
  log: Logger
  count: Count
  /** Milliseconds that a letter is tried for. A dispatcher waits for 60 seconds. */
  patience?: number
  /** Milliseconds between two tries. */
  pause?: number
  addToken?: AddToken
}

/** Of one try. */
const deadline = 10_000

export function openSink(options: SinkOptions): Sink {
  const { url, log, count, patience = 40_000, pause = 1000, addToken = senderToken() } = options
  if (!url) {
    const problem = 'K_SINK is not set: a SinkBinding sets it'
    log.warn(problem)
    return { publish: async () => false, problem: () => problem, waiting: () => 0, close: () => {} }
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const send = (message: Message) =>
    addToken(message)
      .then((sent) => post({ url, agent, deadline }, sent))
      .catch((error: Error) => error.message)

  const letters = new Letters(log)

  /** A letter waits for `patience` at most: then the dispatcher has it, and this one is ready for its next try. */
  async function publish(came: Came): Promise<boolean> {
    const written = await tryAll(came).finally(() => letters.over(came))
    if (written) letters.worked()
    return written
  }

  async function tryAll(came: Came): Promise<boolean> {
    const until = performance.now() + patience
    for (let form: Form = { most: mostBytes }; ; ) {
      const { event, message } = letterOf(came, errorsIn(came), form)
      const kind = event.type === unreadableType ? 'unreadable' : 'event'
      const answer = await send(message)
      if (typeof answer === 'number' && answer < 300) {
        log.warn({ event: shown(event.id), kind }, 'dead letter')
        count(kind)
        return true
      }
      const next = afterRefusal(answer, form)
      if (!next && performance.now() > until) {
        log.error({ event: shown(event.id), answer }, 'dead letter not written')
        return false
      }
      if (!next) {
        const failed = `The KafkaSink of the dead letters answered ${answer}`
        letters.failed(came, new LogUnavailable(failed, { begun: true }), {
          event: shown(event.id),
        })
        await delay(pause)
      }
      form = next ?? form
    }
  }
  return {
    publish,
    problem: () => letters.problem(),
    waiting: () => letters.waiting,
    close: () => agent.destroy(),
  }
}

interface Form {
  /** Bytes of the letter. */
  most: number
  /** Why the event itself is no letter. */
  refused?: string
}

/** What to try instead; undefined where the same may pass later. */
function afterRefusal(answer: number | string, { most, refused }: Form): Form | undefined {
  if ((answer === 400 || answer === 415) && !refused)
    return { most, refused: 'Expected an event that a KafkaSink takes' }
  const less = answer === 413 ? lessThan(most) : undefined
  return less === undefined ? undefined : { most: less, ...(refused && { refused }) }
}
