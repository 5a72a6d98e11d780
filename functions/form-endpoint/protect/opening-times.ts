import type { Protect } from '#kit/forms/sections/protect.ts'
import type { ProblemError } from '../problem.ts'
import { closed, notOpen } from './refusals.ts'

/** Why the form takes no submission at this time; undefined if it does. */
export function closedAt({ opens, closes }: Protect, now: number): ProblemError | undefined {
  if (opens && now < opens.at) return notOpen(opens)
  return closes && now >= closes.at ? closed(closes) : undefined
}
