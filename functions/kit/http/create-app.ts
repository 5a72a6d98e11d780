// Creates the fastify application of every server in this project: with time limits, and with safe headers on each response.
import type { Server } from 'node:http'
import fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify'
import { answerClientError, answerFrameworkError, answerUnroutable } from './protocol-errors.ts'
import { addSafeHeaders } from './safe-headers.ts'

/** Time limits for clients, ms. Names as in Node and fastify. */
export interface Timeouts {
  /** From the start of the request or the connection to the end of the headers. */
  headersTimeout: number
  /** To the end of the body. A slow phone at 2 KB/s needs half of it for 64 KiB. */
  requestTimeout: number
  /** Until the next request. Longer than the usual 60 s for which proxies keep a connection. */
  keepAliveTimeout: number
  /** Without traffic, for instance if a client does not read its response. 0: no limit, as responses may take long. */
  connectionTimeout: number
  /** Between two checks for late requests: a request may be late by as much. */
  connectionsCheckingInterval: number
}

const defaults: Timeouts = {
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionTimeout: 0,
  connectionsCheckingInterval: 5_000,
}

export interface CreateOptions extends FastifyHttpOptions<Server> {
  /** Override single default time limits. */
  timeouts?: Partial<Timeouts> | undefined
}

/** Requests are checked with zod: no route needs the compilers for JSON Schemas, about 90 modules that fastify loads without this. */
const noJsonSchemas = {
  compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema },
}

function refuseSchema(): never {
  throw new Error('Expected a route without a JSON Schema')
}

export function createApp({ http, timeouts, ...options }: CreateOptions = {}): FastifyInstance {
  const { headersTimeout, connectionsCheckingInterval, ...times } = { ...defaults, ...timeouts }
  const { requestTimeout } = times
  const app = fastify({
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    schemaController: noJsonSchemas,
    ...times,
    ...options,
    http: {
      headersTimeout,
      requestTimeout,
      connectionsCheckingInterval,
      // Node would refuse a request without Host in a response without a body; refuseAmbiguous explains the error.
      requireHostHeader: false,
      ...http,
    },
  })
  answerUnroutable(app.server)
  app.addHook('onRequest', addSafeHeaders)
  return app
}
