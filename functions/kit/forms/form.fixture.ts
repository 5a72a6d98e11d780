// Makes forms from lines of YAML.
import { compileForm, type FormRules } from './compile/compile-form.ts'
import { findFieldTypes } from './find-field-types.ts'
import type { Form } from './form.ts'
import { type FormProblem, problemText } from './form-problems.ts'

const types = await findFieldTypes()

/** A form with these fields, each a line of YAML. */
export function formOf(fields: Record<string, string>): Form {
  const compiled = compile(yamlOf(fields))
  if (compiled.ok) return compiled.form
  throw new Error(compiled.problems.map(problemText).join('\n'))
}

/** Problems in a form's file, as lines of text. */
export function problemsIn(
  text: string,
  rules: Partial<FormRules> = {},
  name = 'forms/a.yaml',
): string[] {
  const compiled = compile(text, rules, name)
  const problems: FormProblem[] = compiled.ok ? [] : compiled.problems
  return problems.map(problemText)
}

export function yamlOf(fields: Record<string, string>): string {
  const lines = Object.entries(fields).map(([name, field]) => `  ${name}: ${field}`)
  return ['title: A form', 'fields:', ...lines, ''].join('\n')
}

export function compile(text: string, rules: Partial<FormRules> = {}, name = 'forms/a.yaml') {
  return compileForm({ name, text }, { types, knownTasks: {}, ...rules })
}
