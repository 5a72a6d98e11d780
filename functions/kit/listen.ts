// A process that answers over HTTP: it listens, drains on SIGTERM, and exits non-zero on a crash.
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import * as z from 'zod'

export const ServiceConfig = z.object({
  /** Where it listens; 0.0.0.0 in a container. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number('expected a port').int().min(0).max(65535).default(8080),
  FORMS_DIR: z.string().default('./forms'),
  LOG_LEVEL: z.string().default('info'),
})

interface Listening {
  app: FastifyInstance
  config: Pick<z.infer<typeof ServiceConfig>, 'HOST' | 'PORT'>
  log: Logger
  /** After the requests in flight. */
  close: () => Promise<void>
}

/** Kubernetes kills after 30 seconds where a manifest says nothing else. */
const grace = 25_000

export async function listen({ app, config, log, close }: Listening): Promise<void> {
  // On one machine the parent takes Ctrl-C, and stops its functions once their deliveries are done.
  const child = process.send !== undefined
  if (child) process.on('SIGINT', () => {})

  endConnections(app)
  const closing = closeWithGrace(
    { delay: grace, logger: log, skip: child ? ['SIGINT'] : [] },
    async ({ err }) => {
      if (err) log.fatal(err)
      await app.close()
      await close()
    },
  )
  // On one machine the parent owns the log: without it there is nothing to do.
  process.on('disconnect', () => closing.close())

  await app.listen({ host: config.HOST, port: config.PORT })
  const address = app.server.address()
  process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
}

/** Once it closes: a client that kept the connection of its last answer would hold up the end for as long as it likes. */
export function endConnections(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}
