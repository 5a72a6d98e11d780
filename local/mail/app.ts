// The mailbox over HTTP: mails as pages and as JSON, and the faults of its SMTP server.
import type { EventEmitter } from 'node:events'
import type { FastifyError, FastifyInstance } from 'fastify'
import { createApp } from '#kit/http/create-app.ts'
import { crossSiteProblem } from '#kit/http/same-machine.ts'
import { type FaultSwitch, Faults } from './faults.ts'
import { addPages, isPage } from './pages/routes.ts'
import type { MailStore } from './store.ts'

interface Parts {
  store: MailStore
  faults: FaultSwitch
  /** Emits `change`. */
  changes: EventEmitter
  /** The address that it listens on. */
  host: string | undefined
}

export function buildApp({ store, faults, changes, host }: Parts): FastifyInstance {
  const app = createApp({ logger: { level: 'warn' } })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500, message } = error
    if (statusCode >= 500) request.log.error(error)
    return reply.code(statusCode).send({ error: message })
  })
  // Callers need no credentials, so pages of other sites must not call.
  app.addHook('onRequest', async ({ raw }, reply) => {
    const problem = crossSiteProblem(raw, { host, isPage })
    if (problem) return reply.code(403).send({ error: problem })
  })
  addMessages(app, store, changes)
  addFaults(app, faults)
  addPages(app, { store, changes })
  return app
}

function addMessages(app: FastifyInstance, store: MailStore, changes: EventEmitter): void {
  app.get('/messages', async () => store.newest())
  app.delete('/messages', (_request, reply) => {
    store.clear()
    changes.emit('change')
    return reply.code(204).send()
  })
}

function addFaults(app: FastifyInstance, faults: FaultSwitch): void {
  app.get('/faults', async () => faults.report())
  app.put('/faults', async ({ body }, reply) => {
    const { data, error } = Faults.safeParse(body)
    if (error) return reply.code(400).send({ error: explain(error.issues[0]!, body) })
    faults.set(data)
    return faults.report()
  })
}

/** Name, what was expected and what was found. */
function explain({ path, message }: { path: PropertyKey[]; message: string }, body: unknown) {
  const [name] = path
  const found = name === undefined ? body : (body as Record<PropertyKey, unknown>)[name]
  const at = name === undefined ? 'the faults' : String(name)
  return `${at}: ${message}, found ${JSON.stringify(found)}`
}
