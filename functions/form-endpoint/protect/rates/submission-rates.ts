// Counts submissions against the rates of their form. What counts is loaded with the first form that has a rate.
import { Outage } from '#kit/outage.ts'
import type { Context } from '../context.ts'
import { tooMany } from '../refusals.ts'
import type { Submission } from '../submission.ts'
import type { Kind } from './count.ts'
import type { Rates } from './rates.ts'

export class SubmissionRates {
  #context: Context
  #rates: Promise<Rates> | undefined
  #warned = false

  constructor(context: Context) {
    this.#context = context
  }

  /** Throws a 429 if there are too many of one of these kinds. */
  async count({ form, request, answers }: Submission, kinds: Kind[]): Promise<void> {
    const { perAddress, perEmail, perForm } = form.protect
    if (!(perAddress || perEmail || perForm)) return
    if (perAddress && request.headers['x-forwarded-for'] !== undefined) this.#warnOfProxy()
    const { usesOf } = await import('./uses.ts')
    this.#rates ??= openRates(this.#context)
    const uses = usesOf({ form, address: request.ip, answers }, this.#context.secrets)
    const counted = uses.filter(({ kind }) => kinds.includes(kind))
    const seconds = await (await this.#rates).count(counted)
    if (seconds > 0) throw tooMany(seconds)
  }

  /** All people behind a proxy that is not trusted have its address. */
  #warnOfProxy(): void {
    const { settings, logger } = this.#context
    if (settings.TRUST_PROXY !== undefined || this.#warned) return
    this.#warned = true
    logger.warn('Requests have X-Forwarded-For, but TRUST_PROXY is not set: rates count the proxy')
  }

  async close(): Promise<void> {
    const rates = await this.#rates
    rates?.close()
  }
}

async function openRates({ settings, logger, metrics }: Context): Promise<Rates> {
  const { Rates } = await import('./rates.ts')
  const { REDIS_URL: server } = settings
  if (!server) return new Rates()
  const { SharedCounts } = await import('./shared-counts.ts')
  const outage = new Outage(logger, {
    failing: 'Redis does not count submissions: each endpoint counts alone',
    working: 'Redis counts submissions again',
  })
  const counts = await SharedCounts.open(server, {
    failed(error) {
      metrics.rateFailures.inc()
      outage.failed('error', error, {})
    },
    worked: () => outage.worked(),
  })
  return new Rates(counts)
}
