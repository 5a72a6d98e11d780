// Checks the tasks that a form's file lists, and their options.
import * as z from 'zod'
import type { Fields } from '../field.ts'
import type { Protect } from '../sections/protect.ts'
import type { KnownTasks, Mismatch, TaskRules } from '../task-rules.ts'
import { type FormFile, valueText } from './form-file.ts'

interface Rules {
  knownTasks: KnownTasks
  others?: 'unchecked'
}

interface Listed {
  tasks: unknown
  /** All names under `fields`, including those of wrong fields, which `fields` lacks. */
  fieldNames: string[]
  fields: Fields
}

const unchecked: TaskRules = { options: z.unknown() }
const Mapping = z.looseObject({})

/** The options of each task by its name. Problems go to `file`. */
export function compileTasks(file: FormFile, rules: Rules, form: Listed): Record<string, unknown> {
  const tasks: Record<string, unknown> = Object.create(null)
  if (form.tasks === undefined) return tasks
  const listed = file.check({ schema: Mapping, data: form.tasks, path: ['tasks'] })
  for (const name of Object.keys(listed ?? {})) {
    const path = ['tasks', name]
    const known = Object.hasOwn(rules.knownTasks, name)
      ? rules.knownTasks[name]
      : rules.others && unchecked
    if (!known) {
      file.report(path, `one of ${Object.keys(rules.knownTasks).join(', ')}`, JSON.stringify(name))
      continue
    }
    const options = file.check({ schema: known.options, data: listed![name] ?? {}, path })
    const mismatch = options === undefined ? undefined : mismatchOf(known, options, form)
    if (mismatch) {
      const { field, path: within = [], expected, found, row } = mismatch
      const at = field === undefined ? [...path, ...within] : ['fields', field]
      file.report(at, `${expected} for the task ${name}`, found, row)
    }
    tasks[name] = options
  }
  return tasks
}

/** Warnings about the tasks of a form without problems go to `file`. */
export function warnAboutTasks(
  file: FormFile,
  { knownTasks }: Rules,
  { tasks, protect }: { tasks: Record<string, unknown>; protect: Protect },
): void {
  for (const [name, options] of Object.entries(tasks)) {
    const known = Object.hasOwn(knownTasks, name) ? knownTasks[name] : undefined
    const warning = known?.warn?.(options, protect)
    if (warning !== undefined) file.warn(['tasks', name], warning)
  }
}

function mismatchOf(
  { fieldsIn, check }: TaskRules,
  options: unknown,
  { fieldNames, fields }: Listed,
): Mismatch | undefined {
  const unknown = fieldsIn?.(options).find((name) => !fieldNames.includes(name))
  if (unknown !== undefined) {
    const expected = `only fields of this form (${fieldNames.join(', ')})`
    return { expected, found: valueText(JSON.stringify(options)) }
  }
  const known = Object.values(fields)
  // Without the fields that are wrong, a task would report names that the form has.
  return known.length === fieldNames.length ? check?.(options, known) : undefined
}
