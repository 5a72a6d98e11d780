// The page of a form, empty or with the answers that were sent and what is wrong with them.
import type { Form } from '#kit/forms/form.ts'
import { attributes, type Html, html } from '#kit/html.ts'
import type { FormView } from './form-view.ts'
import { languagesOf } from './language.ts'
import { languageLinks, layout } from './layout.ts'
import { markdown } from './markdown.ts'
import { type FieldView, renderField } from './render-field.ts'
import { renderSummary } from './render-summary.ts'
import { thanksAddress } from './render-thanks.ts'
import { scriptWordsOf } from './script-words.ts'
import { fieldTextsOf, textsOf } from './texts.ts'

export async function renderForm(view: FormView): Promise<string> {
  const { form, language } = view
  const part = await formPart(view)
  return layout({
    language,
    title: textsOf(form, language).title,
    body: html`${languageLinks(languagesOf(form), language)}\n${part}`,
    withScript: true,
  })
}

/** The form with its heading, without the frame of a page: the script's `attachForm` makes it work in any element. */
async function formPart(view: FormView): Promise<Html> {
  const { form, language } = view
  const texts = textsOf(form, language)
  const fields = fieldViews(view)
  return html`<div class="formstream"${scriptAttributes(view)}>
<h1>${texts.title}</h1>
${texts.intro !== undefined && (await markdown(texts.intro))}
${renderSummary(fields, view)}
<form method="post" action="${submitAddress(form, language)}" accept-charset="utf-8">
<input type="hidden" name="_charset_"><input type="hidden" name="_key" value="${view.key}">
${fields.some(({ field }) => field.required) && html`<p class="help">${texts.words.star}</p>`}
${fields.map(renderField)}
${view.protection}
<button>${texts.submit}</button>
<p class="status" role="status"></p>
</form>
</div>`
}

function fieldViews({ form, language, answers = {}, errors = {} }: FormView): FieldView[] {
  const { words } = textsOf(form, language)
  return Object.values(form.fields).map((field) => ({
    field,
    words,
    texts: fieldTextsOf(form, field, language),
    answer: answers[field.name],
    error: errors[field.name],
  }))
}

/**
 * Not the address of the page itself: after a POST to that, a browser drops the page from its cache (RFC 9111, section 4.4), and Back
 * would show another one with another key.
 */
const submitAddress = ({ id }: Form, language: string): string =>
  `/forms/${id}?lang=${language}&from=page`

/** What the script needs besides the fields. */
const scriptAttributes = ({ form, language, answers }: FormView): Html =>
  attributes({
    'data-form': form.id,
    'data-action': submitAddress(form, language),
    'data-next': form.page.redirect ?? thanksAddress(form, language),
    'data-words': JSON.stringify(scriptWordsOf(form, language)),
    'data-min-seconds': form.protect.minSeconds || undefined,
    // The answers of a submission are newer than those that the browser keeps.
    'data-answered': answers !== undefined,
  })
