// A world for tasks that call an HTTP server: a server that counts the requests for each submission.
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Environment, World } from './given.ts'

export interface WorldRequest {
  method: string
  /** Path and query. */
  url: string
  headers: IncomingHttpHeaders
  body: string
}

interface HttpWorld {
  /** The environment variables that lead the task to this server. */
  environment: (url: string) => Environment
  /** The id of the submission that a request is for. Undefined for a request that is no effect: it is answered and not counted. */
  submissionOf: (request: WorldRequest) => string | undefined
  /** The server ignores a request for a submission that it has had, as servers with an idempotency key do. */
  ignoresRepeats?: boolean
  /** Answer to a request that had its effect. Default: an empty 200. */
  answer?: (request: WorldRequest) => string
}

/** Answers while the effect fails, and while it is refused for good. */
const failed = 503
const refused = 400

/** It fails with 503, and refuses with 400. */
export function httpWorld({
  environment,
  submissionOf,
  ignoresRepeats = false,
  answer = () => '',
}: HttpWorld): World {
  const counts = new Map<string, number>()
  let problem: number | undefined
  let held: { submission: string; happened: (unanswered: ServerResponse) => void } | undefined
  const unanswered: ServerResponse[] = []

  const server = createServer(async (request, response) => {
    const received = await read(request)
    if (problem) return void response.writeHead(problem).end()
    const submission = submissionOf(received)
    if (submission) count(submission)
    if (submission && submission === held?.submission) return held.happened(response)
    send(response, answer(received))
  })

  function count(submission: string): void {
    const before = counts.get(submission) ?? 0
    counts.set(submission, ignoresRepeats ? 1 : before + 1)
  }

  return {
    async start() {
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return environment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    },
    count: (submission) => counts.get(submission) ?? 0,
    fail() {
      problem = failed
    },
    refuse() {
      problem = refused
    },
    hold: (submission) =>
      new Promise((resolve) => {
        const happened = (response: ServerResponse) => {
          unanswered.push(response)
          resolve()
        }
        held = { submission, happened }
      }),
    recover() {
      problem = undefined
      held = undefined
      for (const response of unanswered.splice(0)) response.destroy()
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const read = async (request: IncomingMessage): Promise<WorldRequest> => ({
  method: request.method ?? '',
  url: request.url ?? '',
  headers: request.headers,
  body: await text(request),
})

const send = (response: ServerResponse, body: string): void =>
  void response.writeHead(200).end(body)
