// Limits of the endpoint for connections and for the number of header fields, so that one client cannot use up its memory.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

/** A connection that sends slowly takes 10 to 15 KB, so these take 60 MB. Further ones are closed at once. */
const maxConnections = 4096

/** As many as Apache takes. Browsers send about 20, proxies add some; Node ignores those after 2,000 without a word. */
const maxHeaderFields = 100

export function limitConnections(app: FastifyInstance): void {
  app.server.maxConnections = maxConnections
  app.addHook('onRequest', refuseManyHeaders)
}

function refuseManyHeaders(
  { raw }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  // Names and values.
  if (raw.rawHeaders.length <= 2 * maxHeaderFields) done()
  else done(tooManyHeaders())
}

const tooManyHeaders = (): ProblemError =>
  new ProblemError(
    {
      status: 431,
      title: 'The request has too many header fields',
      detail: `Expected at most ${maxHeaderFields}`,
    },
    { connection: 'close' },
  )
