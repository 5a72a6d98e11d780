// Sends a page with the headers that browsers need for it.
import type { FastifyReply } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { captchaSources } from '../protect/captcha/widget.ts'
import { styleHash } from './style.ts'

interface Page {
  /** Absent on a page of no form. */
  form?: Form
  text: string
  /** In place of those of every page. */
  headers?: Record<string, string>
}

export function sendPage(reply: FastifyReply, { form, text, headers }: Page): FastifyReply {
  return reply
    .headers({
      'content-security-policy': policyOf(form),
      ...(form?.origins.length && allowFrames),
      // Browsers would send `Origin: null` with the form if they may send no referrer.
      'referrer-policy': 'same-origin',
      // The browser's history shows the page again with its key, so that Back and Submit are the same submission.
      'cache-control': 'private, no-cache',
      vary: 'Accept-Language, Origin',
      ...headers,
    })
    .type('text/html; charset=utf-8')
    .send(text)
}

/** For a page that isolates itself: it may frame only pages that say so. */
const allowFrames = { 'cross-origin-resource-policy': 'cross-origin' }

function policyOf(form: Form | undefined): string {
  const { page, origins = [] } = form ?? {}
  // Chromium checks form-action for the redirect after a submission, too.
  const next = page?.redirect?.startsWith('https:') ? ` ${new URL(page.redirect).origin}` : ''
  const captcha = form ? captchaSources(form) : ''
  return [
    "default-src 'none'",
    `style-src ${styleHash}${captcha}`,
    `script-src 'self'${captcha}`,
    `connect-src 'self'${captcha}`,
    ...(captcha ? [`frame-src${captcha}`] : []),
    `form-action 'self'${next}`,
    "base-uri 'none'",
    `frame-ancestors ${origins.length > 0 ? origins.join(' ') : "'none'"}`,
  ].join('; ')
}
