// `protect` in a form's file: limits and checks against abuse.
import * as z from 'zod'
import type { FormFile } from '../compile/form-file.ts'
import type { Fields } from '../field.ts'

const milliseconds = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }
type Unit = keyof typeof milliseconds

export interface Rate {
  max: number
  /** Milliseconds. */
  per: number
}

/** A time, shown to people with the offset that the file has. */
export interface Moment {
  /** Milliseconds since 1970. */
  at: number
  /** `+05:30` or `UTC`. */
  zone: string
}

const rate = z
  .string()
  .regex(/^[1-9]\d{0,6} per (second|minute|hour|day)$/, {
    error: 'a rate such as 30 per minute (second, minute, hour, day)',
    abort: true,
  })
  .meta({ examples: ['30 per minute'] })
  .transform((text): Rate => {
    const [max, , unit] = text.split(' ')
    return { max: Number(max), per: milliseconds[unit as Unit] }
  })

const time = z.iso
  .datetime({ offset: true, error: 'a time with an offset, such as 2026-12-01T09:00:00+05:30' })
  .meta({ examples: ['2026-12-01T09:00:00+05:30'] })
  .transform(
    (text): Moment => ({
      at: Date.parse(text),
      zone: /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? 'UTC',
    }),
  )

const Captcha = z.strictObject({
  provider: z
    .enum(['turnstile', 'hcaptcha', 'recaptcha'])
    .describe('Whose captcha it is: of Cloudflare, hCaptcha or Google'),
  siteKey: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'a site key of letters, digits, - and _')
    .describe('The public key that the provider gave for the site'),
  ifUnreachable: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe(
      'While the provider does not answer: `open` accepts submissions, `closed` answers 503',
    ),
})

const Settings = z.strictObject({
  perAddress: rate
    .optional()
    .describe('Most submissions from one address, or from one /64 network of IPv6'),
  perForm: rate.optional().describe('Most submissions to the form'),
  perEmail: rate.optional().describe('Most submissions with the same answer to an e-mail field'),
  trap: z
    .boolean()
    .default(false)
    .describe('Adds a field that people do not see. A submission that fills it in is dropped'),
  minSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .default(0)
    .describe('Shortest time to fill in the page. A faster submission is dropped'),
  captcha: Captcha.optional().describe('Asks people for a captcha, and verifies it on the server'),
  opens: time.optional().describe('When the form begins to accept submissions'),
  closes: time.optional().describe('When it stops'),
  limit: z.int().min(1).optional().describe('How many submissions the form accepts in total'),
  keys: z
    .array(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name of lower case letters, digits and -'),
    )
    .min(1)
    .optional()
    .describe(
      'Names of API keys. A submission needs one of them, or else a captcha if the form has one',
    ),
})

export const Protect = Settings.check(({ value, issues }) => {
  const { opens, closes } = value
  if (opens === undefined || closes === undefined || opens.at < closes.at) return
  const message = `a time before closes (${new Date(closes.at).toISOString()})`
  issues.push({ code: 'custom', path: ['opens'], message, input: opens })
})

export type Protect = z.infer<typeof Settings>

/** Reports a limit per e-mail address for a form without a field for one. */
export function checkEmailLimit(file: FormFile, { perEmail }: Protect, fields: Fields): void {
  if (!perEmail || Object.values(fields).some(({ type }) => type === 'email')) return
  file.report(['protect', 'perEmail'], 'a field of the type email', 'none')
}
