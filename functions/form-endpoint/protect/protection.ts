// Decides about submissions to forms with a section `protect`: refuses them, drops those of bots, or lets them be stored.
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { Html } from '#kit/html.ts'
import type { ProblemError } from '../problem.ts'
import { SubmissionCaptchas } from './captcha/submission-captchas.ts'
import type { Context } from './context.ts'
import { isBot } from './is-bot.ts'
import { ApiKeys, bearerKey } from './keys/api-keys.ts'
import { missingFor } from './needs.ts'
import { notesOf } from './notes.ts'
import { closedAt } from './opening-times.ts'
import { protectionParts, type Shown } from './page-parts.ts'
import { Passed } from './passed.ts'
import { LimitedForms } from './places/limited-forms.ts'
import { SubmissionRates } from './rates/submission-rates.ts'
import { full, keyNeeded, notPrepared } from './refusals.ts'
import type { Sender, Submission } from './submission.ts'

declare module 'fastify' {
  interface FastifyInstance {
    protection: Protection
  }
}

export interface ProtectionOptions extends Context {
  /** How long an append takes at present, ms. */
  appendTime: () => number
}

export class Protection {
  #options: ProtectionOptions
  #keys: ApiKeys | undefined
  #passed = { address: new Passed(), captcha: new Passed(), rates: new Passed() }
  #limited: LimitedForms
  #rates: SubmissionRates
  #captchas: SubmissionCaptchas

  constructor(options: ProtectionOptions) {
    const { settings, logger } = options
    this.#options = options
    this.#limited = new LimitedForms(options)
    this.#rates = new SubmissionRates(options)
    this.#captchas = new SubmissionCaptchas(options)
    if (settings.API_KEYS_FILE) this.#keys = new ApiKeys(settings.API_KEYS_FILE, logger)
  }

  /** Logs what is missing. Rejects if the count of forms with a limit cannot be used as it is. */
  async start(forms: Form[]): Promise<void> {
    if (forms.some(hasKeys)) await this.#keys?.refresh()
    const problems = this.notes(forms)
    for (const problem of Object.values(problems)) this.#options.logger.error(problem)
    const isLimited = (form: Form) => form.protect.limit && !missingFor(form, this.#options)
    if (forms.some(isLimited)) await this.#limited.start()
  }

  /** What is missing, by subject. */
  notes(forms: Form[]): Record<string, string> {
    const keys = forms.some(hasKeys) ? this.#keys : undefined
    // For the next call: the file may have changed.
    void keys?.refresh()
    return notesOf(forms, this.#options, keys)
  }

  /** Why no person can submit the form now; undefined if people can. */
  async whyClosed(form: Form): Promise<ProblemError | undefined> {
    const { protect, id } = form
    const isForPrograms = protect.keys !== undefined && !protect.captcha
    const problem = this.#closed(form) ?? (isForPrograms ? keyNeeded(false) : undefined)
    if (problem || protect.limit === undefined) return problem
    const isFull = await this.#limited.isFull(id, protect.limit).catch(() => false)
    return isFull ? full(protect.limit) : undefined
  }

  /** What a page of the form contains for its protection. */
  partsOf(shown: Shown): Html {
    return protectionParts(shown, this.#options.secrets)
  }

  #closed(form: Form): ProblemError | undefined {
    if (missingFor(form, this.#options)) return notPrepared()
    return closedAt(form.protect, Date.now())
  }

  /** Checks what does not depend on the answers. Throws if the sender cannot submit the form. */
  async enter(form: Form, { headers, body }: FastifyRequest): Promise<Sender> {
    const problem = this.#closed(form)
    if (problem) throw problem
    const hasKey = await this.#hasKey(form, headers.authorization)
    return { hasKey, isBot: !hasKey && isBot(form, body as object, this.#options.secrets) }
  }

  async #hasKey({ protect }: Form, authorization: string | undefined): Promise<boolean> {
    const { keys, captcha } = protect
    if (!keys) return false
    const key = bearerKey(authorization)
    if (key !== undefined && (await this.#keys?.accepts(key, keys))) return true
    if (captcha && authorization === undefined) return false
    throw keyNeeded(authorization !== undefined)
  }

  /** Resolves with false if the submission was dropped, which its sender cannot tell. Throws if it is refused. */
  async admit(
    submission: Submission,
    { hasKey, isBot }: Sender,
    store: () => Promise<void>,
  ): Promise<boolean> {
    const { form, id } = submission
    const { address, captcha, rates } = this.#passed
    if (!hasKey) {
      await address.once(id, () => this.#rates.count(submission, ['address']))
      await captcha.once(id, () => this.#captchas.verify(submission))
    }
    // After the captcha, so that whoever does not solve it uses up nothing that others need.
    await rates.once(id, () => this.#rates.count(submission, ['email', 'form']))
    if (isBot) {
      await this.#pretendToStore(form)
      return false
    }
    const { limit } = form.protect
    if (limit === undefined) await store()
    else await this.#limited.store({ form: form.id, id }, limit, store)
    return true
  }

  /** Takes as long as to store it. */
  async #pretendToStore({ id, protect }: Form): Promise<void> {
    const { limit } = protect
    if (limit !== undefined && (await this.#limited.isFull(id, limit))) throw full(limit)
    await delay(this.#options.appendTime())
  }

  async close(): Promise<void> {
    await Promise.all([this.#limited.close(), this.#rates.close(), this.#captchas.close()])
  }
}

const hasKeys = ({ protect }: Form): boolean => protect.keys !== undefined
