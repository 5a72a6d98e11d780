// What people see after a submission.
import type { Form } from '#kit/forms/form.ts'
import { html } from '#kit/html.ts'
import { receiptAddress } from '../receipt/link.ts'
import { languageQuery } from './language.ts'
import { layout } from './layout.ts'
import { markdown } from './markdown.ts'
import { textsOf } from './texts.ts'

export interface ThanksView {
  form: Form
  language: string
  /** Address of the page on which people follow their submission. */
  receipt: string | undefined
}

export async function renderThanks({ form, language, receipt }: ThanksView): Promise<string> {
  const { title, words, thanks } = textsOf(form, language)
  const body = html`<h1>${words.thanksTitle}</h1>
${await markdown(thanks)}
${receipt !== undefined && html`<p><a href="${receipt}">${words.receipt}</a></p>`}`
  return layout({ language, title, body })
}

export const thanksPath = ({ id }: Form): string => `/forms/${id}/thanks`

export const thanksAddress = (form: Form, language: string): string =>
  `${thanksPath(form)}${languageQuery(form, language)}`

/** From the address of the thanks: `?id=…&token=…`. In the language of the thanks. */
export function receiptIn(query: unknown, language: string): string | undefined {
  const { id, token } = query as { id?: unknown; token?: unknown }
  const fits = [id, token].every((part) => typeof part === 'string' && /^[\w-]{20,200}$/.test(part))
  return fits ? `${receiptAddress(String(id), String(token))}&lang=${language}` : undefined
}
