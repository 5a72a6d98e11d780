// A process that answers over HTTP: it listens, drains on SIGTERM, and exits non-zero on a crash.
import { setTimeout as delay } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import * as z from 'zod'
import { factsOf } from './error-facts.ts'
import { formsConfig } from './forms/forms.ts'
import { createApp } from './http/create-app.ts'
import { answerNotFound } from './http/methods.ts'
import { LogLevel } from './logger.ts'

const port = z.coerce.number('expected a port').int('expected a port').min(0).max(65535)

export const ServiceConfig = z.object({
  /** Where it listens; 0.0.0.0 in a container. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  /** Set: what is for operators is there and not on PORT, which people may reach. */
  METRICS_PORT: port
    .optional()
    .describe(
      'In a cluster: port for metrics and health only; PORT then does not serve them. `npm start` ignores it',
    ),
  ...formsConfig,
  LOG_LEVEL: LogLevel,
})

/** The application that operators ask. None: the one that answers everybody does. */
export function forOperators({ METRICS_PORT }: Ports): FastifyInstance | undefined {
  if (METRICS_PORT === undefined) return undefined
  const app = createApp()
  answerNotFound(app)
  return app
}

type Ports = Pick<z.infer<typeof ServiceConfig>, 'HOST' | 'PORT' | 'METRICS_PORT'>

interface Listening {
  app: FastifyInstance
  operators?: FastifyInstance | undefined
  config: Ports
  log: Logger
  /** After the requests in flight. */
  close: () => Promise<void>
}

/**
 * Connections that may wait to be accepted; the system takes less where its own bound is lower. Of 1,000 clients that connect at
 * once, Node's 511 would make half wait for seconds: the system drops their first packets, and they repeat them ever more slowly.
 */
export const backlog = 4096

/** Kubernetes kills after 30 seconds where a manifest says nothing else. */
const grace = 25_000

export async function listen({ app, operators, config, log, close }: Listening): Promise<void> {
  // On one machine the parent takes Ctrl-C, and stops its functions once their deliveries are done.
  const child = process.send !== undefined
  if (child) process.on('SIGINT', () => {})

  const drained = drain(app)
  const closing = closeWithGrace(
    { delay: grace, logger: log, skip: child ? ['SIGINT'] : [] },
    async ({ err }) => {
      if (err) log.fatal(factsOf(err), 'ends after a fault')
      // After a crash nothing more is taken on.
      await (err ? app.close() : drained())
      await close()
      await operators?.close()
    },
  )
  // On one machine the parent owns the log: without it there is nothing to do.
  process.on('disconnect', () => closing.close())

  await operators?.listen({ host: config.HOST, port: config.METRICS_PORT as number })
  await app.listen({ host: config.HOST, port: config.PORT, backlog })
  // On one machine the parent says so.
  if (!child) log.info({ ms: Math.round(performance.now()) }, 'listening')
  const address = app.server.address()
  process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
}

/** Milliseconds between two looks for requests, how many looks must find none, and the most milliseconds to wait for that. */
const look = 50
const looks = 5
const longest = 2000

/**
 * Closes without cutting anybody off. Who has a connection is told with its next answer that it ends: one that closed at once
 * would be lost with what is on its way, and one that a client keeps would hold up the end for as long as that likes.
 */
export function drain(app: FastifyInstance): () => Promise<void> {
  let draining = false
  let came = false
  app.addHook('onRequest', async () => {
    came = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close')
  })
  return async () => {
    draining = true
    const began = performance.now()
    // Looks are counted, not time: after a pause of this process requests that came in it are still unread.
    for (let none = 0; none < looks && performance.now() - began < longest; ) {
      came = false
      await delay(look)
      none = came ? 0 : none + 1
    }
    await app.close()
  }
}
