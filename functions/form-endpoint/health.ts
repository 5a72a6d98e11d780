// Liveness and readiness, with problems of tasks and notes for operators.
import type { FastifyInstance } from 'fastify'
import type { Log } from '#kafka/log/port.ts'
import { formNotes } from '#kit/forms/form-problems.ts'
import type { Forms } from '#kit/forms/load-forms.ts'
import type { EndpointLog } from './spool/open-with-spool.ts'

interface HealthSources {
  forms: Pick<Forms, 'problems'>
  log: Pick<Log, 'ready'>
  spool: EndpointLog['spool']
  /** Reasons why tasks receive no events, by task. */
  problems: () => Record<string, string>
  notes: () => Record<string, string>
}

export function serveHealth(app: FastifyInstance, sources: HealthSources): void {
  const { forms, log, spool, problems } = sources
  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const notes = { ...formNotes(forms.problems()), ...sources.notes() }
    const details = { ...unlessEmpty('tasks', problems()), ...unlessEmpty('notes', notes) }
    const spooling = spoolingState(spool)
    // Tasks cannot receive events while Kafka is away either: that is no reason to refuse submissions.
    if (log.ready() && spooling) return { status: 'spooling', spool: spooling, ...details }
    if (log.ready() && !('tasks' in details)) return { status: 'up', ...details }
    return reply.code(503).send({ status: 'down', ...details })
  })
}

/** Without the reason, which names brokers: this page is public in a cluster. */
function spoolingState(spool: EndpointLog['spool']): object | undefined {
  const { since, waiting } = spool?.status() ?? {}
  return since && { since, waiting }
}

const unlessEmpty = (name: string, values: object): object =>
  Object.keys(values).length > 0 ? { [name]: values } : {}
