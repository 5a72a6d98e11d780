// The page of a form, empty or with the answers that were sent and what is wrong with them.
import type { Form } from '#kit/forms/form.ts'
import { type Html, html } from './html.ts'
import { wordsOf } from './language.ts'
import { layout } from './layout.ts'
import { renderField } from './render-field.ts'

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
}

export function renderForm(view: FormView): string {
  const { form, language } = view
  return layout({ language, title: form.title, body: bodyOf(view) })
}

function bodyOf({ form, language, key, answers = {}, errors = {}, notice }: FormView): Html {
  const words = wordsOf(language)
  const fields = Object.values(form.fields).map((field) =>
    renderField({ field, words, answer: answers[field.name], message: errors[field.name] }),
  )
  return html`<h1>${form.title}</h1>
${notice && html`<p class="wrong" role="alert">${notice}</p>`}
<form method="post" action="/forms/${form.id}" accept-charset="utf-8">
<input type="hidden" name="_charset_"><input type="hidden" name="_key" value="${key}">
${fields}
<button>${form.page.submit ?? words.submit}</button>
</form>`
}
