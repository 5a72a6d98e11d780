// What a receipt says, from the status of a submission and the form as it is now.
import type { Form } from '#kit/forms/form.ts'
import { followedTasks, type Outcome, type Status } from '#kit/status/port.ts'

/** `waiting`: nothing is known of the task yet. */
export type Step = { task: string } & (Outcome | { state: 'waiting' })

export interface Receipt {
  id: string
  form?: string
  /** When the submission was received, ISO 8601; undefined if unknown. */
  received?: string
  /** `received`: what the tasks do is not known here. */
  status: 'received' | 'processing' | 'done' | 'refused' | 'failed'
  steps: Step[]
  /** Only if the form says so. */
  answers?: Record<string, unknown>
}

const validation = 'validation'

interface Known {
  status: Status | undefined
  form: Form | undefined
  /** False if nobody writes the status of submissions. */
  isFollowed: boolean
}

export function receiptOf(id: string, { status, form, isFollowed }: Known): Receipt {
  const received = status?.time ?? timeOf(id)
  const isKnown = status !== undefined || (isFollowed && !isOld(received))
  const steps = isKnown ? stepsOf(status, form) : []
  const answers = form?.receipt.answers ? status?.answers : undefined
  return {
    id,
    ...(status && { form: status.form }),
    ...(received !== undefined && { received }),
    status: summaryOf(steps),
    steps,
    ...(answers && { answers }),
  }
}

/** A status that is missing so many ms after the submission was deleted, or will not come. */
const lateAfter = 86_400_000

const isOld = (received: string | undefined): boolean =>
  received !== undefined && Date.now() - Date.parse(received) > lateAfter

/** Nothing more will happen here. A failed step can be replayed. */
export const isFinished = ({ status }: Receipt): boolean =>
  status === 'done' || status === 'refused' || status === 'received'

/** The tasks of the form run after validation, and only if that accepts the answers. */
function stepsOf(status: Status | undefined, form: Form | undefined): Step[] {
  const outcomes = status?.outcomes ?? {}
  const first = outcomes[validation]?.state
  const others = Object.keys(form?.tasks ?? {}).filter((task) => followedTasks.includes(task))
  const known = Object.keys(outcomes).filter((task) => task !== validation)
  const stops = first === 'refused' || first === 'failed'
  const after = stops
    ? known
    : [...new Set([...others, ...known])].filter((task) => task !== validation)
  return [validation, ...after].map((task) => ({
    task,
    ...(outcomes[task] ?? { state: 'waiting' }),
  }))
}

function summaryOf(steps: Step[]): Receipt['status'] {
  const states = new Set(steps.map(({ state }) => state))
  if (steps.length === 0) return 'received'
  if (states.has('refused')) return 'refused'
  if (states.has('failed')) return 'failed'
  return states.has('waiting') ? 'processing' : 'done'
}

const uuid7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/

/** The time in a UUIDv7; undefined for another id. */
function timeOf(id: string): string | undefined {
  const [, high, low] = uuid7.exec(id) ?? []
  return high && low ? new Date(Number.parseInt(high + low, 16)).toISOString() : undefined
}
