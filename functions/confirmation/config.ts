// The settings of the confirmation task.
import addressparser from 'nodemailer/lib/addressparser'
import * as z from 'zod'
import { redisSettings } from '#kit/redis/settings.ts'
import { DATA_DIR } from '#kit/settings.ts'
import { isAddress } from './mail/address.ts'

export interface Sender {
  name: string
  address: string
}

const SmtpUrl = z.url({
  protocol: /^smtps?$/,
  error: 'expected smtp://[user:password@]host[:port] (smtps:// for TLS from the first byte)',
})

const From = z.string().transform((text, { issues }): Sender => {
  const [sender, ...others] = addressparser(text, { flatten: true })
  if (sender && others.length === 0 && isAddress(sender.address))
    return { name: sender.name, address: sender.address }
  const message = 'expected one address such as Office <office@example.org>'
  issues.push({ code: 'custom', message, input: text })
  return z.NEVER
})

const domainName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i

export const Config = z
  .object({
    DATA_DIR,
    SMTP_URL: SmtpUrl.optional().describe(
      'Mail server of the task confirmation: smtp://user:password@host:port, smtps:// for TLS from the first byte. A secret. Not set: mails wait; `npm start` runs a mailbox',
    ),
    SMTP_FROM: From.optional().describe(
      'Sender of the mails, such as `Office <office@example.org>`. Required with SMTP_URL',
    ),
    DKIM_DOMAIN: z
      .string()
      .regex(domainName, 'expected a domain')
      .optional()
      .describe('Domain that signs the mails. With DKIM_SELECTOR and DKIM_PRIVATE_KEY'),
    DKIM_SELECTOR: z
      .string()
      .regex(/^[\w-]+(\.[\w-]+)*$/, 'expected the name of a DNS record')
      .optional()
      .describe('The key is published in the DNS as `<selector>._domainkey.<domain>`'),
    DKIM_PRIVATE_KEY: z
      .string()
      .includes('PRIVATE KEY-----', { error: 'expected a private key as PEM' })
      // Where an environment variable cannot have lines.
      .transform((pem) => pem.replaceAll('\\n', '\n'))
      .optional()
      .describe('Private key for the signatures, as PEM; lines may end with `\\n`. A secret'),
    ...redisSettings,
  })
  .check(({ value, issues }) => {
    if (value.SMTP_URL && !value.SMTP_FROM) {
      const message = 'expected an address, as SMTP_URL is set'
      issues.push({ code: 'custom', path: ['SMTP_FROM'], message, input: undefined })
    }
    const dkim = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'] as const
    const missing = dkim.filter((name) => value[name] === undefined)
    if (missing.length === dkim.length) return
    for (const name of missing) {
      const message = 'expected a value, as other DKIM settings are set'
      issues.push({ code: 'custom', path: [name], message, input: undefined })
    }
  })
export type Config = z.output<typeof Config>
