// What a page of a protected form contains for its protection: hidden fields and the widget of its captcha.
import type { Form } from '#kit/forms/form.ts'
import { type Html, html } from '#kit/html.ts'
import { wordsOf } from '../page/language.ts'
import type { Secrets } from '../sign.ts'
import { captchaWidget } from './captcha/widget.ts'
import { makeStamp, timeOfStamp } from './stamp.ts'

export interface Shown {
  form: Form
  language: string
  /** The answers, if the page shows them again. */
  body?: object
}

/** A page that is shown again keeps its stamp: a person who corrects one answer needs little time. */
export function protectionParts({ form, language, body = {} }: Shown, secrets: Secrets): Html {
  const { trap, minSeconds } = form.protect
  const { _stamp: sent } = body as { _stamp?: unknown }
  const time = timeOfStamp(secrets, form.id, sent) ?? Date.now()
  const stamp = minSeconds > 0 && makeStamp(secrets, { form: form.id, time })
  return html`${stamp && html`<input type="hidden" name="_stamp" value="${stamp}">`}${
    trap && trapField(language)
  }${captchaWidget(form)}`
}

/** Hidden by the style and not by an attribute, which bots look for. Browsers and screen readers pass over it. */
const trapField = (language: string): Html =>
  html`<div class="trap" aria-hidden="true"><label>${wordsOf(language).leaveEmpty}
<input name="_trap" tabindex="-1" autocomplete="off"></label></div>`
