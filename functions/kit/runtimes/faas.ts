// A task as a function of faas-js-runtime, which func's templates run: `export const { handle, … } = forFaas(await openTask(…))`.
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { answerer, problem, problemType } from '../handle-delivery.ts'
import type { OpenTask } from '../open-task.ts'

/** What is read of the runtime's context. Query parameters overwrite its fields, so they may be anything. */
interface Context {
  headers: unknown
  body: unknown
}

interface FaasAnswer {
  statusCode: number
  headers: Record<string, string>
  body: string
}

export interface FaasFunction {
  handle: (context: Context) => Promise<FaasAnswer | undefined>
  readiness: (request: unknown, reply: Reply) => Reply
  shutdown: () => Promise<void>
}

interface Reply {
  code(status: number): Reply
  send(body: string): Reply
}

/** Milliseconds for the last answer to leave: the runtime exits as soon as `shutdown` is done. */
const lastAnswer = 100

export function forFaas(task: Pick<OpenTask, 'deliver' | 'ready' | 'log' | 'close'>): FaasFunction {
  const inFlight = new Set<Promise<unknown>>()
  const answer = answerer(task)
  return {
    // Not the event that the runtime has read: it makes up an id and a time where there is none, another at each delivery.
    async handle({ headers, body }) {
      const answering = isHeaders(headers)
        ? answer(headers, textOf(body))
        : Promise.resolve(problem(400, 'Expected no query parameters'))
      inFlight.add(answering)
      const { status, body: said } = await answering
      inFlight.delete(answering)
      if (said === undefined) return undefined
      return { statusCode: status, headers: { 'content-type': problemType }, body: said }
    },
    readiness(_request, reply) {
      const problem = task.ready()
      return problem === true ? reply.send('OK') : reply.code(503).send(problem)
    },
    async shutdown() {
      await Promise.all(inFlight)
      await delay(lastAnswer)
      await task.close()
    },
  }
}

const isHeaders = (headers: unknown): headers is IncomingHttpHeaders =>
  typeof headers === 'object' && headers !== null

/** The runtime has parsed JSON, and nothing else. */
function textOf(body: unknown): string | Buffer {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body
  return JSON.stringify(body)
}
