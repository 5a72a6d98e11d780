import { Counter, type Registry } from 'prom-client'

export interface ProtectionMetrics {
  captchaChecks: Counter<'result'>
  rateFailures: Counter
}

export const protectionMetrics = (registry: Registry): ProtectionMetrics => ({
  captchaChecks: new Counter({
    name: 'formstream_captcha_checks_total',
    help: 'Captchas of submissions, by what the provider said',
    labelNames: ['result'],
    registers: [registry],
  }),
  rateFailures: new Counter({
    name: 'formstream_rate_failures_total',
    help: 'Failures of Redis to count a submission, after each of which this instance counts alone for a second',
    registers: [registry],
  }),
})
