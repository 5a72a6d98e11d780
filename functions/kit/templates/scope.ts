// The variables of templates: the answers by field name, and what is known about the submission.
import type { Scope } from './compile-template.ts'
import type { TemplateValue } from './output-kinds.ts'

interface Submission {
  form: { id: string; title: string }
  /** Of the submission. */
  id: string
  /** When the person submitted, ISO 8601. */
  time: string
  answers: Record<string, TemplateValue>
}

/** Variables that every template has, besides the fields. A field of the same name as one of the groups cannot be used. */
export const ownVariables = [
  ['form', 'id'],
  ['form', 'title'],
  ['submission', 'id'],
  ['submission', 'time'],
] as const

export const scopeOf = ({ form, id, time, answers }: Submission): Scope => ({
  ...answers,
  form: { id: form.id, title: form.title },
  submission: { id, time },
})
