// A form: made from the text of one YAML file, or refused with all that is wrong in it.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import * as z from 'zod'
import type { Fields } from '../field.ts'
import { shownText } from '../field-parts/shown-text.ts'
import type { FieldTypes } from '../find-field-types.ts'
import type { Form } from '../form.ts'
import type { FormProblem } from '../form-problems.ts'
import { parseAnswers } from '../parse-answers.ts'
import type { KnownTasks } from '../task-rules.ts'
import { compileFields } from './compile-fields.ts'
import { compileTasks } from './compile-tasks.ts'
import { FormFile } from './form-file.ts'

export interface FormRules {
  types: FieldTypes
  knownTasks: KnownTasks
  /** A function's own process knows only its own task: it keeps the options of the others as they are. */
  others?: 'unchecked'
}

export type Compiled = { ok: true; form: Form } | { ok: false; problems: FormProblem[] }

/** An event has 1,000,000 bytes at most, with its headers and with what a dead letter adds. */
const maxBytes = 900_000

const reserved = ['forms', 'health', 'metrics', 'openapi.json', 'schemas']

const Id = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a file name of lower case letters, digits and -, and .yaml')

const FormPath = z
  .string()
  .max(200)
  .regex(/^\/([\w~-][\w.~-]*\/)+$/, {
    error: 'a path of letters, digits, - and _ with a slash at both ends',
    abort: true,
  })
  .refine((path) => !reserved.includes(path.split('/')[1]!.toLowerCase()), 'a path of its own')

const Head = z.strictObject({
  title: shownText(200),
  path: FormPath.optional(),
  fields: z.unknown().optional(),
  tasks: z.unknown().optional(),
})

export function compileForm(
  { name, text }: { name: string; text: string },
  rules: FormRules,
): Compiled {
  const file = new FormFile(name, text, Object.keys(Head.shape))
  if (file.problems.length > 0) return { ok: false, problems: file.problems }
  const id = file.check({ schema: Id, data: basename(name, '.yaml'), path: [] })
  const head = file.check({ schema: Head, data: file.data, path: [] })
  const said = (file.data ?? {}) as { fields?: unknown; tasks?: unknown }
  const fields = compileFields(file, rules.types, said.fields)
  const fieldNames = Object.keys(said.fields ?? {})
  const bytes = bytesOf(fields)
  if (bytes > maxBytes)
    file.report(
      ['fields'],
      `answers of at most ${maxBytes} bytes together: a smaller max for long texts`,
      `up to ${bytes}`,
    )
  const tasks = compileTasks(file, rules, { tasks: said.tasks, fieldNames, fields })
  if (file.problems.length > 0 || !id || !head) return { ok: false, problems: file.problems }
  let jsonSchema: object | undefined
  const form: Form = {
    id,
    title: head.title,
    ...(head.path && { path: head.path }),
    version: createHash('sha256').update(text).digest('hex').slice(0, 12),
    text,
    fields,
    bytes,
    tasks,
    // Only the door asks for it, and it takes as long as reading the file.
    get jsonSchema() {
      jsonSchema ??= toJsonSchema(head.title, fields)
      return jsonSchema
    },
    parse: (answers) => parseAnswers(fields, answers),
  }
  return { ok: true, form }
}

/** Of `{"name":answer,…}`. */
function bytesOf(fields: Fields): number {
  return Object.values(fields).reduce((sum, { name, bytes }) => sum + name.length + 4 + bytes, 2)
}

function toJsonSchema(title: string, fields: Fields): object {
  const shape = Object.values(fields).map(({ name, required, schema }) => [
    name,
    required ? schema : schema.optional(),
  ])
  // What a client sends: the text of a phone number, not E.164.
  return z.toJSONSchema(z.strictObject(Object.fromEntries(shape)).meta({ title }), { io: 'input' })
}
