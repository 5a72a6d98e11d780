// The fields of a form, made from what its file says and the field types.
import * as z from 'zod'
import type { Field, Fields } from '../field.ts'
import { shownText } from '../field-parts/shown-text.ts'
import type { FieldType, Value } from '../field-type.ts'
import type { FieldTypes } from '../find-field-types.ts'
import { patternBudget } from '../patterns/budget.ts'
import type { PatternCost } from '../patterns/cost.ts'
import { foundIn } from './describe-issue.ts'
import { type FormFile, show } from './form-file.ts'

const maxFields = 200

const FieldName = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, {
    error: 'a name of letters, digits and _ that begins with a letter',
    abort: true,
  })
  // `id` is the sheet's own column; the others mean something to every object.
  .refine(
    (name) => !['id', 'prototype'].includes(name) && !(name in {}),
    'a name that is not reserved',
  )

/** Whether a form can have a field of this name. */
export const isFieldName = (name: string): boolean => FieldName.safeParse(name).success

// Made once, not for each field: making a schema takes longer than using it.
const Common = z.looseObject({
  type: z.string(),
  label: shownText(200).optional(),
  required: z.boolean().default(true),
  help: shownText(1_000).optional(),
})
const commonKeys = Object.keys(Common.shape)
const Mapping = z.looseObject({})

export function compileFields(file: FormFile, types: FieldTypes, data: unknown): Fields {
  const fields: Fields = Object.create(null)
  const path = ['fields']
  const listed = file.check({ schema: Mapping, data, path })
  if (!listed) return fields
  const entries = Object.entries(data as object)
  if (entries.length < 1 || entries.length > maxFields) {
    file.report(path, `1 to ${maxFields} fields`, String(entries.length))
    return fields
  }
  const budget = patternBudget()
  for (const [name, said] of entries) {
    file.check({ schema: FieldName, data: name, path: ['fields', name] })
    const { field, cost } = compileField(file, types, { name, said })
    if (field) fields[name] = field
    const excess = budget.take(cost)
    if (!excess) continue
    file.report(['fields', name], excess.expected, excess.found)
    // The rest is not compiled: that takes time too.
    break
  }
  return fields
}

interface CompiledField {
  /** Nothing where it is wrong. */
  field?: Field
  /** Of its pattern, also where something else is wrong. */
  cost?: PatternCost | undefined
}

function compileField(
  file: FormFile,
  types: FieldTypes,
  { name, said }: { name: string; said: unknown },
): CompiledField {
  const path = ['fields', name]
  const common = file.check({ schema: Common, data: said, path })
  const own = Object.entries(said ?? {}).filter(([key]) => !commonKeys.includes(key))
  const type = types.get((said as Partial<Record<string, string>> | null)?.type ?? '')
  if (!type) {
    const expected = `one of ${[...types.keys()].join(', ')}`
    if (common) file.report([...path, 'type'], expected, show(common.type))
    return {}
  }
  const data = Object.fromEntries(own)
  const options = file.check({ schema: type.options, data, path, alsoKnown: commonKeys })
  const cost = options && type.cost?.(options)
  if (!options || !common) return { cost }
  const { label = name, required, help } = common
  const about = { name, type: common.type, label, required, ...(help && { help }) }
  return { field: toField(about, type, options), cost }
}

type About = Omit<Field, 'input' | 'bytes' | 'largest' | 'schema' | 'check'>

function toField(about: About, type: FieldType, options: Record<string, unknown>): Field {
  const { label, required, help } = about
  const all = { ...options, required }
  const expected = type.expected(all)
  const error = (issue: z.core.$ZodRawIssue) => {
    const text = typeof issue.input === 'string' ? issue.input : undefined
    const found = foundIn(issue) ?? (text === undefined ? text : type.found?.(text, all))
    return found ? `Expected ${expected}, found ${found}` : `Expected ${expected}`
  }
  let schema: z.ZodType<Value> | undefined
  return {
    ...about,
    input: type.input(options),
    bytes: type.bytes(options),
    largest: type.largest(options),
    // Made when first asked for: a process has hundreds of forms and sees answers to few, some tasks to none.
    get schema() {
      schema ??= type.schema(all).meta({ title: label, ...(help && { description: help }) })
      return schema
    },
    check(value) {
      const result = this.schema.safeParse(value, { error })
      if (result.success) return { ok: true, value: result.data }
      return { ok: false, message: result.error.issues[0]!.message }
    },
  }
}
