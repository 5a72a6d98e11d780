// Makes a form from the text of its YAML file, or returns everything that is wrong in the file.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import * as z from 'zod'
import type { Fields } from '../field.ts'
import type { FieldTypes } from '../find-field-types.ts'
import type { Form } from '../form.ts'
import type { FormProblem } from '../form-problems.ts'
import { parseAnswers } from '../parse-answers.ts'
import { checkTexts } from '../sections/page.ts'
import { checkEmailLimit } from '../sections/protect.ts'
import type { KnownTasks } from '../task-rules.ts'
import { compileFields } from './compile-fields.ts'
import { compileTasks, warnAboutTasks } from './compile-tasks.ts'
import { FormFile } from './form-file.ts'
import { FormHead } from './form-head.ts'

export interface FormRules {
  types: FieldTypes
  knownTasks: KnownTasks
  /** A function's own process knows only its own task: it keeps the options of other tasks without checking them. */
  others?: 'unchecked'
}

export type Compiled = { ok: true; form: Form } | { ok: false; problems: FormProblem[] }

/** Limit for the answers of one submission. An event holds 1,000,000 bytes with its headers and what a dead letter adds. */
const maxAnswersBytes = 900_000

const Id = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a file name of lower case letters, digits and -, and .yaml')

export function compileForm(
  { name, text }: { name: string; text: string },
  rules: FormRules,
): Compiled {
  const file = new FormFile(name, text, Object.keys(FormHead.shape))
  if (file.problems.length > 0) return { ok: false, problems: file.problems }
  const id = file.check({ schema: Id, data: basename(name, '.yaml'), path: [] })
  const head = file.check({ schema: FormHead, data: file.data, path: [] })
  const raw = (file.data ?? {}) as { fields?: unknown; tasks?: unknown }
  const fields = compileFields(file, rules.types, raw.fields)
  const maxBytes = maxAnswerBytes(fields)
  if (maxBytes > maxAnswersBytes) {
    const expected = `answers of at most ${maxAnswersBytes} bytes together: use a smaller max for long texts`
    file.report(['fields'], expected, `up to ${maxBytes}`)
  }
  const fieldNames = Object.keys(raw.fields ?? {})
  const tasks = compileTasks(file, rules, { tasks: raw.tasks, fieldNames, fields })
  if (head) {
    checkTexts(file, head.page, { fieldNames, fields })
    checkEmailLimit(file, head.protect, fields)
  }
  if (file.problems.length > 0 || !id || !head) return { ok: false, problems: file.problems }
  warnAboutTasks(file, rules, { tasks, protect: head.protect })
  const { warnings } = file
  const { path, tests: _, ...others } = head
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const known = {
    ...others,
    ...(path && { path }),
    id,
    version,
    text,
    fields,
    maxBytes,
    tasks,
    warnings,
  }
  return { ok: true, form: withMethods(known) }
}

function withMethods(known: Omit<Form, 'jsonSchema' | 'parse'>): Form {
  let jsonSchema: object | undefined
  return {
    ...known,
    // Made on first use: only the endpoint needs it, and making it takes as long as reading the file.
    get jsonSchema() {
      jsonSchema ??= toJsonSchema(known.title, known.fields)
      return jsonSchema
    },
    parse: (answers) => parseAnswers(known.fields, answers),
  }
}

/** Maximum size of `{"name":answer,…}`: each name has two quotes, a colon and a comma beside it. */
function maxAnswerBytes(fields: Fields): number {
  return Object.values(fields).reduce(
    (sum, { name, maxBytes }) => sum + name.length + 4 + maxBytes,
    2,
  )
}

function toJsonSchema(title: string, fields: Fields): object {
  const shape = Object.values(fields).map(({ name, required, schema }) => [
    name,
    required ? schema : schema.optional(),
  ])
  // `input`: what a client sends, such as the text of a phone number, not the E.164 that is kept.
  return z.toJSONSchema(z.strictObject(Object.fromEntries(shape)).meta({ title }), { io: 'input' })
}
