// A case of the conformance suite.
import type { AnyTask } from '../define-task.ts'
import type { Given } from './given.ts'
import type { Trial } from './trial.ts'

export interface Case {
  /** Title of its test: a sentence. */
  name: string
  /** Whether the case says anything about this task. Default: it does about every task. */
  applies?: (task: AnyTask, given: Given) => boolean
  /** Throws `Nonconformity` if the task does not conform. */
  run: (trial: Trial) => Promise<void>
}
