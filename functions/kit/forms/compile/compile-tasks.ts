// The tasks that a form's file lists, with their options.
import * as z from 'zod'
import type { Fields } from '../field.ts'
import type { KnownTasks, Mismatch, TaskRules } from '../task-rules.ts'
import { type FormFile, show } from './form-file.ts'

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
): Mismatch | undefined {
  const unknown = fieldsIn?.(options).find((name) => !fieldNames.includes(name))
  if (unknown !== undefined) {
    const expected = `only fields of this form (${fieldNames.join(', ')})`
    return { expected, found: show(JSON.stringify(options)) }
  }
  return check?.(options, Object.values(fields))
}
