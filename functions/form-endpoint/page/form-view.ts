import type { Form } from '#kit/forms/form.ts'
import type { Html } from '#kit/html.ts'

/** What the page of a form shows. */
export interface FormView {
  form: Form
  language: string
  /** Idempotency key: the same answers sent twice from this page are one submission. */
  key: string
  /** As they were sent. */
  answers?: Record<string, unknown>
  /** What is wrong with them, by field name. */
  errors?: Record<string, string>
  /** Text above the fields. */
  notice?: string
  /** What the protection of the form puts into its page, before the button. */
  protection?: Html
}
