// Finds a template for JSON whose output would not be JSON, by filling it in with examples.
import type { Field } from '../forms/field.ts'
import type { Template, TemplateFault } from './compile-template.ts'
import type { TemplateValue } from './output-kinds.ts'
import { scopeOf } from './scope.ts'

export function findJsonFault(template: Template, fields: Field[]): TemplateFault | undefined {
  const optional = fields.filter(({ required }) => !required)
  const all = Object.fromEntries(fields.map((field) => [field.name, exampleOf(field)]))
  const without = { ...all, ...Object.fromEntries(optional.map(({ name }) => [name, undefined])) }
  if (!isJson(template, all)) {
    const found = 'other text: put texts between quotation marks, as in {"text": "{{ name }}"}'
    return { expected: 'a template that gives JSON', found, row: 1 }
  }
  if (isJson(template, without)) return undefined
  const found = 'other text if a field is left out: use {{ rating | default: "null" }}'
  return { expected: 'a template that gives JSON without optional answers too', found, row: 1 }
}

function exampleOf({ type }: Field): TemplateValue {
  if (type === 'number' || type === 'integer') return 1.5
  return type === 'boolean' ? true : 'a "text"\n'
}

function isJson(template: Template, answers: Record<string, TemplateValue>): boolean {
  const form = { id: 'form-id', title: 'A "form"' }
  const scope = scopeOf({ form, id: 'an-id', time: '2026-01-02T03:04:05.000Z', answers })
  try {
    JSON.parse(template.render(scope))
    return true
  } catch {
    return false
  }
}
