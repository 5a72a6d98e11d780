// A task as an HTTP function of functions-framework: `http(task.name, forFunctionsFramework(await openTask(…)))`. Its own signature
// for CloudEvents answers 500 to every error.
import type { IncomingHttpHeaders } from 'node:http'
import { answerer, bodyLimit, problem, problemType } from '../handle-delivery.ts'
import type { OpenTask } from '../open-task.ts'

interface Request {
  method: string
  headers: IncomingHttpHeaders
  /** Nothing where there was no body. */
  rawBody?: Buffer
}

interface Response {
  status(status: number): Response
  type(type: string): Response
  end(body?: string): unknown
}

/** A GET asks whether it is ready. */
export function forFunctionsFramework(task: Pick<OpenTask, 'deliver' | 'ready' | 'log'>) {
  const answer = answerer(task)

  return async (request: Request, response: Response): Promise<void> => {
    const { status, body } = await answerTo(request)
    response.status(status)
    if (body !== undefined) response.type(problemType)
    response.end(body)
  }

  async function answerTo({ method, headers, rawBody }: Request) {
    if (method !== 'POST') {
      const ready = task.ready()
      return ready === true ? { status: 204 } : problem(503, ready)
    }
    // The framework itself takes 1 GiB.
    if ((rawBody?.length ?? 0) > bodyLimit) return problem(413, 'The request could not be read')
    return answer(headers, rawBody ?? '')
  }
}
