// The captcha providers. They share one protocol: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/,
// https://docs.hcaptcha.com/#verify-the-user-response-server-side, https://developers.google.com/recaptcha/docs/verify
import type { Protect } from '#kit/forms/sections/protect.ts'

export type Captcha = NonNullable<Protect['captcha']>

interface Provider {
  /** Setting with the secret key. */
  secret: 'CAPTCHA_SECRET_TURNSTILE' | 'CAPTCHA_SECRET_HCAPTCHA' | 'CAPTCHA_SECRET_RECAPTCHA'
  /** Name under which the widget sends the answer. */
  field: string
  verifyUrl: string
  script: string
  /** Class of the element that the script turns into the widget. */
  widget: string
  /** What the page must be allowed to load, as Content-Security-Policy names it. */
  sources: string
}

export const providers: Record<Captcha['provider'], Provider> = {
  turnstile: {
    secret: 'CAPTCHA_SECRET_TURNSTILE',
    field: 'cf-turnstile-response',
    verifyUrl: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    widget: 'cf-turnstile',
    sources: 'https://challenges.cloudflare.com',
  },
  hcaptcha: {
    secret: 'CAPTCHA_SECRET_HCAPTCHA',
    field: 'h-captcha-response',
    verifyUrl: 'https://api.hcaptcha.com/siteverify',
    script: 'https://js.hcaptcha.com/1/api.js',
    widget: 'h-captcha',
    sources: 'https://hcaptcha.com https://*.hcaptcha.com',
  },
  recaptcha: {
    secret: 'CAPTCHA_SECRET_RECAPTCHA',
    field: 'g-recaptcha-response',
    verifyUrl: 'https://www.google.com/recaptcha/api/siteverify',
    script: 'https://www.google.com/recaptcha/api.js',
    widget: 'g-recaptcha',
    sources: 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
  },
}
