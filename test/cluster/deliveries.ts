// Delivers single events to a function through the cluster's ingress, as a KafkaSource does.
import { Pool } from 'undici'
import { toMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { student } from '../../scripts/load/students.ts'
import { namespace } from './deployment.ts'
import type { Kube } from './kube.ts'
import { internalOrigin, postTo } from './stand-ins.ts'

export interface Deliveries {
  /** Delivers a new event. Resolves with the status, or with undefined when the connection broke. */
  deliver: (task: string) => Promise<number | undefined>
  close: () => Promise<void>
}

export async function openDeliveries(kube: Kube): Promise<Deliveries> {
  const pool = new Pool(await internalOrigin(kube), { connections: 100, headersTimeout: 60_000 })
  let n = 0
  return {
    async deliver(task) {
      const post = postTo(pool, `${task}.${namespace}.svc.cluster.local`)
      const { headers, body } = toMessage(eventFor(task, n++))
      return post(headers, body).then(
        ({ status }) => status,
        () => undefined,
      )
    },
    close: () => pool.destroy(),
  }
}

function eventFor(task: string, n: number): FormEvent {
  const makeDraft = task === 'validation' ? submissionSubmitted : submissionValidated
  const subject = `by-hand-${Date.now()}-${n}`
  const time = new Date().toISOString()
  const draft = makeDraft({ version: 'v', answers: student(n) })
  return toEvent(draft, { id: subject, source: '/test', subject, time, form: 'student-data' })
}
