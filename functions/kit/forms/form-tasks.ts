// The tasks that a form's file lists, with their options.
import * as z from 'zod'
import { type FormFile, show } from './form-file.ts'

/** Says what is wrong with options that name fields: completes "expected …". */
export type CheckFields = (options: unknown, fieldNames: string[]) => string | undefined

/** The options that each task takes. */
export type KnownTasks = Record<string, z.ZodType | readonly [z.ZodType, CheckFields]>

interface TaskRules {
  knownTasks: KnownTasks
  others?: 'unchecked'
}

const keep = z.unknown()
const Mapping = z.looseObject({})

export function compileTasks(
  file: FormFile,
  rules: TaskRules,
  said: { tasks: unknown; fieldNames: string[] },
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
    const [schema, checkFields] = Array.isArray(known) ? known : [known]
    const options = file.check({ schema, data: listed![name] ?? {}, path })
    const wrong = options === undefined ? undefined : checkFields?.(options, said.fieldNames)
    if (wrong) file.report(path, wrong, show(JSON.stringify(options)))
    tasks[name] = options
  }
  return tasks
}
