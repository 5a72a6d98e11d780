// Finds what is wrong with a template for the form that has it: unknown variables, too much output, unsafe places.
import type { Field } from '../forms/field.ts'
import type { Mention, Template, TemplateFault } from './compile-template.ts'
import { findJsonFault } from './find-json-fault.ts'
import { findUnsafePlace } from './find-unsafe-place.ts'
import { ownVariables } from './scope.ts'

/** Most characters of the values in one output, in case all answers are as long as the form allows. */
const maxOutput = 1_000_000

export function findTemplateFault(template: Template, fields: Field[]): TemplateFault | undefined {
  return (
    findUnknown(template, fields) ?? findTooLong(template, fields) ?? findInKind(template, fields)
  )
}

/** The fields that a template mentions, whether it prints them or only compares them. */
export const fieldsOf = ({ mentions }: Template, fields: Field[]): Field[] =>
  fields.filter(({ name }) => mentions.some(({ path }) => path.length === 1 && path[0] === name))

function findUnknown({ mentions }: Template, fields: Field[]): TemplateFault | undefined {
  const names = fields.map(({ name }) => name).filter((name) => !isGroup(name))
  const isKnown = ({ path }: Mention) =>
    path.length === 1 ? names.includes(String(path[0])) : isOwn(path)
  const unknown = mentions.find((mention) => !isKnown(mention))
  if (!unknown) return undefined
  const known = [...names, ...ownVariables.map((path) => path.join('.'))]
  const found = JSON.stringify(unknown.path.map((part) => part ?? '[…]').join('.'))
  return { expected: `only the variables ${known.join(', ')}`, found, row: unknown.row }
}

const isGroup = (name: string): boolean => ownVariables.some(([group]) => group === name)

const isOwn = (path: Mention['path']): boolean =>
  ownVariables.some((own) => own.length === path.length && own.every((part, n) => part === path[n]))

function findTooLong({ mentions }: Template, fields: Field[]): TemplateFault | undefined {
  let length = 0
  for (const { path, row } of mentions) {
    length += fields.find(({ name }) => name === path[0])?.maxLength ?? 0
    if (length <= maxOutput) continue
    const expected = `answers of at most ${maxOutput} characters together in the template`
    return { expected, found: `up to ${length}: mention long fields less often`, row }
  }
  return undefined
}

function findInKind(template: Template, fields: Field[]): TemplateFault | undefined {
  if (template.kind === 'html') return findUnsafePlace(template.source, fields)
  return template.kind === 'json' ? findJsonFault(template, fields) : undefined
}
