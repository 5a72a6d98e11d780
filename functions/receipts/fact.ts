// What an event says about its submission.
import type { Draft, FormEvent } from '#kafka/define-event.ts'
import {
  submissionAnalyzed,
  submissionConfirmed,
  submissionFailed,
  submissionForwarded,
  submissionRecorded,
  submissionRefused,
  submissionValidated,
} from '#kafka/events.ts'
import { judge } from '#kit/delivery-rules.ts'
import type { Fact, Outcome } from '#kit/status/port.ts'

/** Not `submitted`: the link to a receipt proves that, and each event of a submission says when. */
export const followed = [
  submissionValidated,
  submissionRefused,
  submissionRecorded,
  submissionAnalyzed,
  submissionFailed,
  submissionConfirmed,
  submissionForwarded,
] as const

type Followed = (typeof followed)[number]

type EventOf<Type> = Type extends (data: infer Data) => Draft<unknown, infer Name>
  ? FormEvent<Data> & { type: Name }
  : never

export type FollowedEvent = EventOf<Followed>

/** Undefined for an event that does not say which task it is of, and for the dead letter of a record that is not an event. */
export function toFact(event: FollowedEvent): Omit<Fact, 'answers'> | undefined {
  const task =
    event.type === 'formstream.submission.failed'
      ? event.data.task
      : /^\/tasks\/(.+)$/.exec(event.source)?.[1]
  const { subject = event.id, form, time = '' } = event
  if (task === undefined || typeof form !== 'string') return undefined
  return { submission: subject, form, time, task, outcome: outcomeOf(event) }
}

function outcomeOf(event: FollowedEvent): Outcome {
  switch (event.type) {
    case 'formstream.submission.validated':
      return { state: 'validated' }
    case 'formstream.submission.analyzed':
      return { state: 'analyzed' }
    case 'formstream.submission.refused':
      return { state: 'refused', errors: event.data.errors }
    case 'formstream.submission.recorded':
      return { state: 'recorded', tab: event.data.tab, row: event.data.row }
    case 'formstream.submission.confirmed':
      return { state: 'confirmed', [event.data.to]: event.data.state, ...again(event.data) }
    case 'formstream.submission.forwarded':
      return { state: 'forwarded', ...again(event.data) }
    case 'formstream.submission.failed':
      return { state: 'failed', final: isFinal(event.data.status) }
  }
}

const again = ({ unknown }: { unknown: number }) => (unknown > 0 ? { again: true as const } : {})

const isFinal = (status: number): boolean => status > 0 && judge(status) === 'final'
