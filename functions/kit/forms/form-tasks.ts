// The tasks that a form's file lists, with their options.
import * as z from 'zod'
import { type FormFile, show } from './files/form-file.ts'
import type { Field, Fields } from './form-fields.ts'

/** What a task cannot take of a form. */
export interface Wrong {
  /** The field that is to blame; without it: the options of the task. */
  field?: string
  /** Completes "expected …". */
  expected: string
  /** Completes "found …". */
  found: string
}

/** What a form's file may say of a task. */
export interface TaskRules {
  options: z.ZodType
  /** The fields that the options name. */
  fieldsIn?: (options: unknown) => string[]
  /** What the task could not take, though the door would accept it. */
  check?: (options: unknown, fields: Field[]) => Wrong | undefined
  /** Whether two forms cannot both have these options: says what of the first is taken. */
  clash?: (options: unknown, others: unknown) => string | undefined
}

/** What the first form says of a task that it cannot share with the second. */
export type Clash = (form: Tasks, other: Tasks) => { task: string; expected: string } | undefined

interface Tasks {
  tasks: Record<string, unknown>
}

export type KnownTasks = Record<string, TaskRules>

interface Rules {
  knownTasks: KnownTasks
  others?: 'unchecked'
}

const keep: TaskRules = { options: z.unknown() }
const Mapping = z.looseObject({})

export function compileTasks(
  file: FormFile,
  rules: Rules,
  said: { tasks: unknown; fieldNames: string[]; fields: Fields },
): Record<string, unknown> {
  const tasks: Record<string, unknown> = Object.create(null)
  if (said.tasks === undefined) return tasks
  const listed = file.check({ schema: Mapping, data: said.tasks, path: ['tasks'] })
  for (const name of Object.keys(listed ?? {})) {
    const path = ['tasks', name]
    const known = Object.hasOwn(rules.knownTasks, name)
      ? rules.knownTasks[name]
      : rules.others && keep
    if (!known) {
      file.report(path, `one of ${Object.keys(rules.knownTasks).join(', ')}`, JSON.stringify(name))
      continue
    }
    const options = file.check({ schema: known.options, data: listed![name] ?? {}, path })
    const wrong = options === undefined ? undefined : wrongIn(known, options, said)
    if (wrong) {
      const at = wrong.field === undefined ? path : ['fields', wrong.field]
      file.report(at, `${wrong.expected}, as the task ${name} needs it`, wrong.found)
    }
    tasks[name] = options
  }
  return tasks
}

function wrongIn(
  { fieldsIn, check }: TaskRules,
  options: unknown,
  { fieldNames, fields }: { fieldNames: string[]; fields: Fields },
): Wrong | undefined {
  const unknown = fieldsIn?.(options).find((name) => !fieldNames.includes(name))
  if (unknown !== undefined) {
    const expected = `only fields of this form (${fieldNames.join(', ')})`
    return { expected, found: show(JSON.stringify(options)) }
  }
  return check?.(options, Object.values(fields))
}

/** Finds the first task that cannot run for two forms as their files say. */
export function clashes(known: KnownTasks): Clash {
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
