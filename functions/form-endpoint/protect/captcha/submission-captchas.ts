// Verifies the captchas of submissions. The HTTP client is loaded with the first one: other endpoints need none.
import type { Context } from '../context.ts'
import type { Submission } from '../submission.ts'
import { providers } from './providers.ts'
import type { Captchas } from './verify.ts'

export class SubmissionCaptchas {
  #context: Context
  #captchas: Promise<Captchas> | undefined

  constructor(context: Context) {
    this.#context = context
  }

  /** Throws if the form has a captcha that is not solved. */
  async verify({ form, request }: Submission): Promise<void> {
    const { captcha } = form.protect
    if (!captcha) return
    this.#captchas ??= openCaptchas(this.#context)
    const { [providers[captcha.provider].field]: token } = request.body as Record<string, unknown>
    await (await this.#captchas).verify(captcha, { token, address: request.ip })
  }

  async close(): Promise<void> {
    const captchas = await this.#captchas
    await captchas?.close()
  }
}

async function openCaptchas({ settings, logger, metrics }: Context): Promise<Captchas> {
  const { Captchas } = await import('./verify.ts')
  return new Captchas(settings, { logger, checks: metrics.captchaChecks })
}
