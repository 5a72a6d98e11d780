// Runs a task on faas-js-runtime, which the templates of `func` use: `export const { handle, … } = forFaas(await openTask(…))`.
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { deliveryHandler, problem, problemType } from '../handle-delivery.ts'
import type { OpenTask } from '../open-task.ts'

/** The part of the runtime's context that is read. Query parameters overwrite its members, so they may have any type. */
interface Context {
  headers: unknown
  body: unknown
}

/** Result of `handle`, as the runtime expects it. */
interface FaasResponse {
  statusCode: number
  headers: Record<string, string>
  body: string
}

export interface FaasFunction {
  handle: (context: Context) => Promise<FaasResponse | undefined>
  readiness: (request: unknown, reply: Reply) => Reply
  shutdown: () => Promise<void>
}

interface Reply {
  code(status: number): Reply
  send(body: string): Reply
}

/** Time for the last response to be sent, ms: the runtime exits as soon as `shutdown` resolves. */
const flushTime = 100

export function forFaas(task: Pick<OpenTask, 'deliver' | 'ready' | 'log' | 'close'>): FaasFunction {
  const inFlight = new Set<Promise<unknown>>()
  const handleDelivery = deliveryHandler(task)
  return {
    // Reads the event from headers and body. The runtime's own event has an invented id and time if they are missing, which
    // differ in each delivery.
    async handle({ headers, body }) {
      const handling = isHeaders(headers)
        ? handleDelivery(headers, textOf(body))
        : Promise.resolve(problem(400, 'Expected no query parameters'))
      inFlight.add(handling)
      const response = await handling
      inFlight.delete(handling)
      if (response.body === undefined) return undefined
      return {
        statusCode: response.status,
        headers: { 'content-type': problemType },
        body: response.body,
      }
    },
    readiness(_request, reply) {
      const problem = task.ready()
      return problem === true ? reply.send('OK') : reply.code(503).send(problem)
    },
    async shutdown() {
      await Promise.all(inFlight)
      await delay(flushTime)
      await task.close()
    },
  }
}

const isHeaders = (headers: unknown): headers is IncomingHttpHeaders =>
  typeof headers === 'object' && headers !== null

/** The runtime has parsed the body if it was JSON. */
function textOf(body: unknown): string | Buffer {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body
  return JSON.stringify(body)
}
