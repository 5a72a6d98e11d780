// The cases of the conformance suite that apply to a task, in the order in which they need the fewest processes.
import type { AnyTask } from '../define-task.ts'
import type { Case } from './case.ts'
import { failures } from './cases/failures.ts'
import { otherEvents } from './cases/other-events.ts'
import { repeats } from './cases/repeats.ts'
import { stops } from './cases/stops.ts'
import type { Given } from './given.ts'

export const casesFor = (task: AnyTask, given: Given): Case[] =>
  [...otherEvents, ...repeats, ...failures, ...stops].filter(
    ({ applies }) => applies?.(task, given) ?? true,
  )
