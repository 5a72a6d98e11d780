// The rules of each task for its part of a form's file.
import type * as z from 'zod'
import type { Field } from './field.ts'
import type { Protect } from './sections/protect.ts'

/** Why a task cannot run for a form. */
export interface Mismatch {
  /** The field at fault; without it, the options of the task are. */
  field?: string
  /** The option at fault, within the options of the task. */
  path?: readonly PropertyKey[]
  /** The line of its text that is at fault, from 1. */
  row?: number
  /** Completes "expected …". */
  expected: string
  /** Completes "found …". */
  found: string
}

export interface TaskRules {
  options: z.ZodType
  /** The fields that the options name. */
  fieldsIn?: (options: unknown) => string[]
  /** Answers that the endpoint would accept and the task could not process. */
  check?: (options: unknown, fields: Field[]) => Mismatch | undefined
  /** What is dangerous about a form that works. Completes "tasks.<name>: …". */
  warn?: (options: unknown, protect: Protect) => string | undefined
  /** Whether two forms cannot both have these options. Completes "expected …" for the first form. */
  clash?: (options: unknown, others: unknown) => string | undefined
}

/** Keyed by task name. */
export type KnownTasks = Record<string, TaskRules>

/** Finds the first task that two forms cannot both have. `expected` is for the first form. */
export type FindClash = (
  form: FormTasks,
  other: FormTasks,
) => { task: string; expected: string } | undefined

interface FormTasks {
  tasks: Record<string, unknown>
}

export function clashFinder(known: KnownTasks): FindClash {
  const rules = Object.entries(known).flatMap(([task, { clash }]) =>
    clash ? [{ task, clash }] : [],
  )
  return ({ tasks }, other) => {
    for (const { task, clash } of rules) {
      if (tasks[task] === undefined || other.tasks[task] === undefined) continue
      const expected = clash(tasks[task], other.tasks[task])
      if (expected !== undefined) return { task, expected }
    }
    return undefined
  }
}
