// Asks the provider of a captcha whether a person has solved it.
import type { Logger } from 'pino'
import type { Counter } from 'prom-client'
import * as z from 'zod'
import { EventClient } from '#kafka/event-client.ts'
import { RetryLater } from '#kit/errors.ts'
import { Outage } from '#kit/outage.ts'
import { captchaNeeded, captchaUnreachable } from '../refusals.ts'
import type { ProtectSettings } from '../settings.ts'
import { type Captcha, providers } from './providers.ts'

/** Milliseconds for the whole exchange. */
const deadline = 3000
const maxConnections = 32
/** The longest tokens that providers make have about 3,000 characters. */
const maxToken = 8192

/**
 * Errors of the operator or the provider. All others refuse the token: otherwise somebody could get past a captcha that is `open` with
 * a token that makes the provider report another error.
 */
const otherErrors = new Set(['missing-input-secret', 'invalid-input-secret', 'internal-error'])

const Verdict = z.object({
  success: z.boolean(),
  'error-codes': z.array(z.string()).nullish(),
})

interface Solution {
  /** As the page sent it. */
  token: unknown
  address: string
}

interface Observers {
  logger: Logger
  checks: Counter<'result'>
}

export class Captchas {
  #settings: ProtectSettings
  #checks: Counter<'result'>
  #outage: Outage
  #clients = new Map<Captcha['provider'], EventClient>()

  constructor(settings: ProtectSettings, { logger, checks }: Observers) {
    this.#settings = settings
    this.#checks = checks
    this.#outage = new Outage(logger, {
      failing: 'captchas cannot be verified',
      working: 'captchas are verified again',
    })
  }

  /** Throws a 403 if it is not solved; a 503 if nobody can tell and the form wants to be closed then. */
  async verify({ provider, ifUnreachable }: Captcha, { token, address }: Solution): Promise<void> {
    const { field } = providers[provider]
    if (typeof token !== 'string' || token === '' || token.length > maxToken) {
      this.#checks.inc({ result: 'refused' })
      throw captchaNeeded(field)
    }
    const solved = await this.#ask(provider, { token, address }).catch((error) => {
      this.#outage.failed('error', error, { provider })
      return undefined
    })
    if (solved !== undefined) this.#outage.worked()
    this.#checks.inc({ result: solved ? 'passed' : solved === false ? 'refused' : 'unreachable' })
    if (solved === false) throw captchaNeeded(field)
    if (solved === undefined && ifUnreachable === 'closed') throw captchaUnreachable()
  }

  /** Rejects if the provider does not say whether it is solved. */
  async #ask(
    provider: Captcha['provider'],
    { token, address }: Solution & { token: string },
  ): Promise<boolean> {
    const secret = this.#settings[providers[provider].secret] as string
    const { status, body } = await this.#clientOf(provider).post(
      {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({ secret, response: token, remoteip: address }).toString(),
      },
      deadline,
    )
    if (status !== 200) throw new RetryLater(`Expected ${provider} to answer 200, found ${status}`)
    const verdict = Verdict.safeParse(toJson(body)).data
    if (!verdict) throw new RetryLater(`Expected a verdict of ${provider} as JSON`)
    if (verdict.success) return true
    const error = verdict['error-codes']?.find((one) => otherErrors.has(one))
    if (error === undefined) return false
    throw new RetryLater(`${provider} did not verify: ${error}`)
  }

  #clientOf(provider: Captcha['provider']): EventClient {
    const url = this.#settings.CAPTCHA_VERIFY_URL ?? providers[provider].verifyUrl
    const client = this.#clients.get(provider) ?? new EventClient(url, maxConnections)
    this.#clients.set(provider, client)
    return client
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
