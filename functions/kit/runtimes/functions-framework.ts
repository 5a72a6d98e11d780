// Runs a task on functions-framework as an HTTP function: `http(task.name, forFunctionsFramework(await openTask(…)))`. The framework's
// CloudEvent signature would answer every error with 500.
import type { IncomingHttpHeaders } from 'node:http'
import { bodyLimit, deliveryHandler, problem, problemType } from '../handle-delivery.ts'
import type { OpenTask } from '../open-task.ts'

interface Request {
  method: string
  headers: IncomingHttpHeaders
  /** Missing if the request had no body. */
  rawBody?: Buffer
}

interface Response {
  status(status: number): Response
  type(type: string): Response
  end(body?: string): unknown
}

/** GET answers readiness. */
export function forFunctionsFramework(task: Pick<OpenTask, 'deliver' | 'ready' | 'log'>) {
  const handleDelivery = deliveryHandler(task)

  return async (request: Request, response: Response): Promise<void> => {
    const { status, body } = await respond(request)
    response.status(status)
    if (body !== undefined) response.type(problemType)
    response.end(body)
  }

  async function respond({ method, headers, rawBody }: Request) {
    if (method !== 'POST') {
      const ready = task.ready()
      return ready === true ? { status: 204 } : problem(503, ready)
    }
    // The framework's own limit is 1 GiB.
    if ((rawBody?.length ?? 0) > bodyLimit) return problem(413, 'The request could not be read')
    return handleDelivery(headers, rawBody ?? '')
  }
}
