// What the page of a form with a captcha shows and loads.
import type { Form } from '#kit/forms/form.ts'
import { type Html, html } from '#kit/html.ts'
import { providers } from './providers.ts'

/** Undefined for a form without a captcha. */
export function captchaWidget({ protect }: Form): Html | undefined {
  const { captcha } = protect
  if (!captcha) return undefined
  const { widget, script } = providers[captcha.provider]
  return html`<div class="${widget}" data-sitekey="${captcha.siteKey}"></div>
<script src="${script}" async defer></script>`
}

/** Sources for the Content-Security-Policy, each after a blank. Empty without a captcha. */
export const captchaSources = ({ protect }: Pick<Form, 'protect'>): string =>
  protect.captcha ? ` ${providers[protect.captcha.provider].sources}` : ''
