// A fastify application as every server here begins with: bounded in time, with safe headers on each answer.

import type { Server } from 'node:http'
import fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify'
import { answerClientError, answerFrameworkError, answerOddRequests } from './protocol-errors.ts'
import { addSafeHeaders } from './safe-headers.ts'
import { type Timeouts, timeouts } from './timeouts.ts'

export interface CreateOptions extends FastifyHttpOptions<Server> {
  /** In place of those that every server has. */
  timeouts?: Partial<Timeouts> | undefined
}

export function createApp({
  http,
  timeouts: own,
  ...options
}: CreateOptions = {}): FastifyInstance {
  const { headersTimeout, connectionsCheckingInterval, ...times } = { ...timeouts, ...own }
  const { requestTimeout } = times
  const app = fastify({
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    ...times,
    ...options,
    // Node would answer a request without Host with no word: refuseAmbiguous says what is missing.
    http: {
      headersTimeout,
      requestTimeout,
      connectionsCheckingInterval,
      requireHostHeader: false,
      ...http,
    },
  })
  answerOddRequests(app.server)
  app.addHook('onRequest', addSafeHeaders)
  return app
}
