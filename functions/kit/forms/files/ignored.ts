// What pages send beside the answers, and what is no answer: ignored unless a form has a field of that name.
import { isBlank } from '../visible.ts'

const names = new Set([
  // Buttons, which browsers send as fields.
  ...['submit', 'button', 'reset'],
  // The tokens of captchas.
  ...['g-recaptcha-response', 'h-captcha-response', 'cf-turnstile-response'],
])

/** Names that begin with `_` are the product's own. That also keeps `__proto__` out. */
export function isIgnored(name: string, value: unknown): boolean {
  if (name.startsWith('_') || name.startsWith('utm_') || names.has(name)) return true
  return isMissing(value) || (Array.isArray(value) && value.length === 0)
}

/** As HTML forms send an input that was left empty, or not at all; null is JSON for the same. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value))
}
