// Makes the fields of a form from its file and the field types.
import * as z from 'zod'
import type { Field, Fields } from '../field.ts'
import { visibleText } from '../field-parts/visible-text.ts'
import type { FieldType, Value } from '../field-type.ts'
import type { FieldTypes } from '../find-field-types.ts'
import { patternBudget } from '../patterns/budget.ts'
import type { PatternCost } from '../patterns/cost.ts'
import { foundIn } from './describe-issue.ts'
import { type FormFile, valueText } from './form-file.ts'

export const maxFields = 200

export const FieldName = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, {
    error: 'a name of letters, digits and _ that begins with a letter',
    abort: true,
  })
  // `id` is a column of every sheet. The other names are properties of every object.
  .refine(
    (name) => !['id', 'prototype'].includes(name) && !(name in {}),
    'a name that is not reserved',
  )

/** Whether a form can have a field of this name. */
export const isFieldName = (name: string): boolean => FieldName.safeParse(name).success

// One schema for all fields: making a schema takes longer than using it.
export const Common = z.looseObject({
  type: z.string(),
  label: visibleText(200).optional().describe('What people read. Default: the name of the field'),
  required: z.boolean().default(true).describe('Whether people must answer'),
  help: visibleText(1_000).optional().describe('A sentence beside the field'),
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
  for (const [name, raw] of entries) {
    file.check({ schema: FieldName, data: name, path: ['fields', name] })
    const { field, cost } = compileField(file, types, { name, raw })
    if (field) fields[name] = field
    const excess = budget.take(cost)
    if (!excess) continue
    file.report(['fields', name], excess.expected, excess.found)
    // Stop here: compiling the patterns of the remaining fields takes time too.
    break
  }
  return fields
}

interface CompiledField {
  /** Missing if the field is wrong. */
  field?: Field
  /** The cost of its pattern, which counts even if something else in the field is wrong. */
  cost?: PatternCost | undefined
}

function compileField(
  file: FormFile,
  types: FieldTypes,
  { name, raw }: { name: string; raw: unknown },
): CompiledField {
  const path = ['fields', name]
  const common = file.check({ schema: Common, data: raw, path })
  const own = Object.entries(raw ?? {}).filter(([key]) => !commonKeys.includes(key))
  const type = types.get((raw as Partial<Record<string, string>> | null)?.type ?? '')
  if (!type) {
    const expected = `one of ${[...types.keys()].join(', ')}`
    if (common) file.report([...path, 'type'], expected, valueText(common.type))
    return {}
  }
  const data = Object.fromEntries(own)
  const options = file.check({ schema: type.options, data, path, alsoKnown: commonKeys })
  const cost = options && type.cost?.(options)
  if (!options || !common) return { cost }
  const { label = name, required, help } = common
  const head = { name, type: common.type, label, required, ...(help && { help }) }
  return { field: toField(head, type, options), cost }
}

type FieldHead = Pick<Field, 'name' | 'type' | 'label' | 'required' | 'help'>

function toField(head: FieldHead, type: FieldType, options: Record<string, unknown>): Field {
  const { label, required, help } = head
  const all = { ...options, required }
  const expected = type.expected(all)
  const error = (issue: z.core.$ZodRawIssue) => {
    const text = typeof issue.input === 'string' ? issue.input : undefined
    const found = foundIn(issue) ?? (text === undefined ? text : type.found?.(text, all))
    return found ? `Expected ${expected}, found ${found}` : `Expected ${expected}`
  }
  let schema: z.ZodType<Value> | undefined
  let compiled: z.ZodType<Value> | undefined
  return {
    ...head,
    options,
    input: type.input(options),
    expected,
    maxBytes: type.maxBytes(options),
    maxLength: type.maxLength(options),
    // Made on first use: a process may have hundreds of forms and check answers to few of them.
    get schema() {
      schema ??= type.schema(all).meta({ title: label, ...(help && { description: help }) })
      return schema
    },
    check(value) {
      // Code that zod generates: it takes a third of the time of the schema, and leaves values that do not fit to it.
      compiled ??= z.compile(this.schema)
      const result = compiled.safeParse(value, { error })
      if (result.success) return { ok: true, value: result.data }
      return { ok: false, message: result.error.issues[0]!.message }
    },
  }
}
