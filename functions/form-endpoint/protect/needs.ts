// What the protection of a form needs from the settings of this endpoint.
import type { Form } from '#kit/forms/form.ts'
import type { Protect } from '#kit/forms/sections/protect.ts'
import type { Secrets } from '../sign.ts'
import { providers } from './captcha/providers.ts'
import type { ProtectSettings } from './settings.ts'

export interface Means {
  settings: ProtectSettings
  secrets: Secrets
  /** Folder for the places of forms with a limit. In a cluster there is none, as each process has its own disk. */
  dataDir: string | undefined
}

/** Hot path: any form without a section `protect`. */
export const isProtected = ({ protect }: Form): boolean =>
  protect.trap ||
  protect.minSeconds > 0 ||
  Boolean(protect.perAddress ?? protect.perForm ?? protect.perEmail) ||
  Boolean(protect.captcha ?? protect.opens ?? protect.closes ?? protect.limit ?? protect.keys)

/** What is missing: `protect.limit: expected REDIS_URL, found nothing`. Undefined if nothing is. */
export function missingFor({ protect }: Form, means: Means): string | undefined {
  const need = needsOf(protect, means).find(({ isMet }) => !isMet)
  return need && `protect.${need.of}: expected ${need.setting}, found nothing`
}

interface Need {
  of: keyof Protect
  setting: string
  /** Also true if the form does not have it. */
  isMet: boolean
}

function needsOf(protect: Protect, { settings, secrets, dataDir }: Means): Need[] {
  const { captcha, limit, keys, minSeconds, perAddress, perEmail } = protect
  const { REDIS_URL, API_KEYS_FILE } = settings
  const captchaSecret = captcha && providers[captcha.provider].secret
  const hasSecret = secrets.length > 0
  const canCount = Boolean(REDIS_URL) || dataDir !== undefined
  // Endpoints that share counts must make the same keys from addresses.
  const isShared = REDIS_URL !== undefined && Boolean(perAddress ?? perEmail)
  const of = perAddress ? 'perAddress' : 'perEmail'
  return [
    {
      of: 'captcha',
      setting: String(captchaSecret),
      isMet: !captchaSecret || Boolean(settings[captchaSecret]),
    },
    {
      of: 'limit',
      setting: 'REDIS_URL, in which all endpoints count together',
      isMet: limit === undefined || canCount,
    },
    { of: 'keys', setting: 'API_KEYS_FILE', isMet: !keys || API_KEYS_FILE !== undefined },
    { of: 'minSeconds', setting: 'FORM_SECRET', isMet: minSeconds === 0 || hasSecret },
    { of, setting: 'FORM_SECRET beside REDIS_URL', isMet: !isShared || hasSecret },
  ]
}
