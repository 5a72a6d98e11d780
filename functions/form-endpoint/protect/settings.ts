// The settings of the protection of forms: who is trusted, secrets of captcha providers, keys of programs, and Redis.
import { isIP } from 'node:net'
import * as z from 'zod'
import { redisSettings } from '#kit/redis/settings.ts'

const expectedProxies =
  'expected a number of proxies, or their addresses and networks separated by commas (10.0.0.0/8)'
const maxProxies = 10

/** Networks, or a function that says whether to believe the sender `hop` connections away from this endpoint. */
export type TrustedProxies = string[] | ((address: string, hop: number) => boolean)

const captchaSecret = (provider: string) =>
  z
    .string()
    .optional()
    .describe(
      `Secret key at ${provider}. A form with its captcha needs it ([protection.md](protection.md#captcha))`,
    )

export const protectSettings = {
  TRUST_PROXY: z
    .string()
    .refine((text) => parseProxies(text) !== undefined, expectedProxies)
    .transform((text) => parseProxies(text) as TrustedProxies)
    .optional()
    .describe(
      "Proxies in front of the endpoint whose `X-Forwarded-For` is believed: how many, or their addresses and networks (`10.0.0.0/8,192.168.1.5`). Not set: none, and a person's address is that of the connection ([protection.md](protection.md#addresses))",
    ),
  API_KEYS_FILE: z
    .string()
    .optional()
    .describe(
      'File with the hashes of API keys by name, which `npm run new key` prints; read again when it changes ([protection.md](protection.md#api-keys))',
    ),
  CAPTCHA_SECRET_TURNSTILE: captchaSecret('Cloudflare Turnstile'),
  CAPTCHA_SECRET_HCAPTCHA: captchaSecret('hCaptcha'),
  CAPTCHA_SECRET_RECAPTCHA: captchaSecret('Google reCAPTCHA'),
  CAPTCHA_VERIFY_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .optional()
    .describe(
      "Address that verifies captchas in place of the provider's, for example a proxy to the internet",
    ),
  ...redisSettings,
}

export const ProtectSettings = z.object(protectSettings)
export type ProtectSettings = z.output<typeof ProtectSettings>

function parseProxies(text: string): TrustedProxies | undefined {
  if (/^\d+$/.test(text)) {
    const proxies = Number(text)
    // fastify itself takes no number any more, since it cannot know that only the proxies can connect. The page of docs says so.
    return proxies <= maxProxies ? (_address, hop) => hop < proxies : undefined
  }
  const networks = text.split(',').map((one) => one.trim())
  return networks.every(isNetwork) ? networks : undefined
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  )
}
