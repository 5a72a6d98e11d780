// Liveness and readiness of the endpoint, with what is wrong with tasks and forms.
import type { FastifyInstance } from 'fastify'
import { formNotes } from '#kit/forms/form-problems.ts'
import type { AppOptions } from './app.ts'

type Served = Pick<AppOptions, 'forms' | 'log'> & Required<Pick<AppOptions, 'problems' | 'notes'>>

export function serveHealth(app: FastifyInstance, { forms, log, problems, ...given }: Served) {
  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const tasks = problems()
    const notes = { ...formNotes(forms.problems()), ...given.notes() }
    const said = { ...unlessEmpty('tasks', tasks), ...unlessEmpty('notes', notes) }
    if (log.ready() && !('tasks' in said)) return { status: 'up', ...said }
    return reply.code(503).send({ status: 'down', ...said })
  })
}

const unlessEmpty = (name: string, values: object): object =>
  Object.keys(values).length > 0 ? { [name]: values } : {}
