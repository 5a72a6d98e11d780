// The server of a function: POST / is a delivery of one CloudEvent. The status of the response tells the source whether to retry.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import { readConfig } from './config.ts'
import type { AnyTask } from './define-task.ts'
import { busyHeader, watchBusy } from './event-loop-busy.ts'
import {
  bodyLimit,
  type DeliveryResponse,
  deliveryHandler,
  problem,
  problemType,
} from './handle-delivery.ts'
import { answerNotFound } from './http/allowed-methods.ts'
import { createApp } from './http/create-app.ts'
import { refuseAmbiguous } from './http/refuse-ambiguous.ts'
import { guard } from './http/same-machine.ts'
import { listen, operatorsApp, ServiceConfig } from './listen.ts'
import { serveMetrics } from './metrics/serve.ts'
import { openTask } from './open-task.ts'
import { INSTANCE_TOKEN } from './settings.ts'
import { startUp } from './start-up.ts'

/** Runs a task as a process of its own until SIGTERM. */
export const serve = (task: AnyTask): Promise<void> =>
  startUp({ task: task.name }, async () => {
    // Files of a task may contain answers of people.
    process.umask(0o077)
    const config = readConfig(ServiceConfig.extend({ INSTANCE_TOKEN }), process.env)
    // The parent process of `npm start` reads the same forms and reports their errors.
    const open = await openTask(task, process.env, { quiet: process.send !== undefined })
    const app = buildServer(open)
    if (config.INSTANCE_TOKEN) guard(app, config.INSTANCE_TOKEN)
    const operators = operatorsApp(config)
    serveMetrics(operators ?? app, open.registry)
    await listen({ app, operators, config, log: open.log, close: open.close })
  })

interface Served {
  deliver: (event: FormEvent) => Promise<unknown>
  /** True, or why deliveries cannot succeed now. */
  ready: () => true | string
  /** Notes for operators, by subject. Deliveries succeed nevertheless. */
  notes?: () => Record<string, string>
  log: Logger
}

export function buildServer({ deliver, ready, notes, log }: Served): FastifyInstance {
  // Attributes of an event are headers, and may be as large as its body.
  const http = { maxHeaderSize: bodyLimit }
  // Deliveries on open connections are still handled while the server drains.
  const app = createApp({ bodyLimit, http, return503OnClosing: false })
  app.addHook('onRequest', refuseAmbiguous)
  answerNotFound(app)
  const handleDelivery = deliveryHandler({ deliver, log })
  const busy = watchBusy()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/', async (request, reply) => {
    const response = await handleDelivery(request.headers, (request.body ?? '') as Buffer)
    return send(reply.header(busyHeader, busy().toFixed(2)), response)
  })

  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const problem = ready()
    if (problem !== true) return reply.code(503).send({ status: 'down', problem })
    return { status: 'up', ...(notes && { notes: notes() }) }
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    send(reply, problem(error.statusCode ?? 500, 'The request could not be read')),
  )
  return app
}

const send = (reply: FastifyReply, { status, body }: DeliveryResponse): FastifyReply =>
  body === undefined ? reply.code(status).send() : reply.code(status).type(problemType).send(body)
