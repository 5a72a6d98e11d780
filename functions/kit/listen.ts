// The life of an HTTP process: it listens, drains on SIGTERM, and exits with a non-zero status after a crash.
import { setTimeout as delay } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import * as z from 'zod'
import { factsOf } from './error-facts.ts'
import { formsConfig } from './forms/load-forms.ts'
import { answerNotFound } from './http/allowed-methods.ts'
import { createApp } from './http/create-app.ts'
import { HOST, LOG_LEVEL, METRICS_PORT, PORT } from './settings.ts'

export const ServiceConfig = z.object({ HOST, PORT, METRICS_PORT, ...formsConfig, LOG_LEVEL })

type Ports = Pick<z.infer<typeof ServiceConfig>, 'HOST' | 'PORT' | 'METRICS_PORT'>

/** The application on METRICS_PORT; undefined if that is not set. */
export function operatorsApp({ METRICS_PORT }: Ports): FastifyInstance | undefined {
  if (METRICS_PORT === undefined) return undefined
  const app = createApp()
  answerNotFound(app)
  return app
}

interface Listening {
  app: FastifyInstance
  operators?: FastifyInstance | undefined
  config: Ports
  log: Logger
  /** Called after the requests in flight. */
  close: () => Promise<void>
}

/**
 * Connections that may wait to be accepted; the system's own limit may be lower. With Node's default of 511, half of 1,000
 * clients that connect at once would wait for seconds, as the system drops their first packets.
 */
export const backlog = 4096

/** Time limit for closing, ms. Kubernetes kills a process after 30 seconds by default. */
const closeDeadline = 25_000

export async function listen({ app, operators, config, log, close }: Listening): Promise<void> {
  // True for a function process of `npm start`, which has an IPC channel to its parent.
  const isChild = process.send !== undefined
  // The parent handles Ctrl-C: it stops its functions once their deliveries are done.
  if (isChild) process.on('SIGINT', () => {})

  const drained = drain(app)
  const closing = closeWithGrace(
    { delay: closeDeadline, logger: log, skip: isChild ? ['SIGINT'] : [] },
    async ({ err }) => {
      if (err) log.fatal(factsOf(err), 'stopping after a crash')
      // After a crash, no further requests are accepted.
      await (err ? app.close() : drained())
      await close()
      await operators?.close()
    },
  )
  // The parent is gone, and the event log with it.
  process.on('disconnect', () => closing.close())

  await operators?.listen({ host: config.HOST, port: config.METRICS_PORT as number })
  await app.listen({ host: config.HOST, port: config.PORT, backlog })
  // The parent logs the starts of its functions.
  if (!isChild) log.info({ ms: Math.round(performance.now()) }, 'listening')
  const address = app.server.address()
  process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
}

/** Pause between two checks for new requests, ms. */
const checkInterval = 50
/** Number of checks in a row that must find no new request. */
const quietChecks = 5
/** Time limit for these checks, ms. */
const maxDrain = 2000

/**
 * Call it before the server listens. Returns a function that closes the server without losing a request: while it drains,
 * responses carry `Connection: close`, so that clients open their next connection elsewhere.
 */
export function drain(app: FastifyInstance): () => Promise<void> {
  let draining = false
  let received = false
  app.addHook('onRequest', (_request, _reply, done) => {
    received = true
    done()
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close')
    done()
  })
  return async () => {
    draining = true
    const began = performance.now()
    // Checks are counted, not time: after a pause of this process, requests that arrived during it are still unread.
    for (let quiet = 0; quiet < quietChecks && performance.now() - began < maxDrain; ) {
      received = false
      await delay(checkInterval)
      quiet = received ? 0 : quiet + 1
    }
    await app.close()
  }
}
