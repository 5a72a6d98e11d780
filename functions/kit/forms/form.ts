import type { Fields } from './field.ts'
import type { FormProblem } from './form-problems.ts'
import type { Parsed } from './parse-answers.ts'
import type { Page } from './sections/page.ts'
import type { Protect } from './sections/protect.ts'
import type { Receipt } from './sections/receipt.ts'

/** A form that is ready for answers. compile/compile-form.ts makes one from the text of its YAML file. */
export interface Form {
  /** The name of its file, without `.yaml`. */
  id: string
  title: string
  /** A second address, with a slash at both ends. */
  path?: string
  page: Page
  /** Other sites whose pages may send and show the form; `*` for all. */
  origins: string[]
  protect: Protect
  receipt: Receipt
  /** A hash of the text: any edit is another version. */
  version: string
  /** The text of the file. */
  text: string
  fields: Fields
  /** Upper bound for the bytes of all valid answers together, as JSON in UTF-8. */
  maxBytes: number
  /** The options of each task that runs for this form, by the name of the task. */
  tasks: Record<string, unknown>
  /** What is dangerous about the form, though it works. */
  warnings: FormProblem[]
  /** JSON Schema (draft 2020-12) of the answers in their own types. `parse` also takes text for a number, which the schema does not describe. */
  readonly jsonSchema: object
  parse(answers: unknown): Parsed
}
