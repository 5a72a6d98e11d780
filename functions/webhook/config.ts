// The settings of the webhook task.
import * as z from 'zod'
import { effectSettings } from '#kit/effects/settings.ts'
import { parseAllowed } from './outbound/allowed.ts'
import { parseSecrets } from './secrets.ts'

export const Config = z.object({
  WEBHOOK_SECRETS: z
    .string()
    .transform((text, { addIssue }) => {
      const secrets = parseSecrets(text)
      if (typeof secrets !== 'string') return secrets
      addIssue(secrets)
      return z.NEVER
    })
    .optional()
    .describe(
      'The secrets that forms name for their webhooks: `crm=whsec_…,chat=T0/B0/x1`. A name that is there twice signs with both ([webhooks.md](webhooks.md#secrets))',
    ),
  WEBHOOK_ALLOW: z
    .string()
    .transform((text, { addIssue }) => {
      const allowed = parseAllowed(text)
      if (allowed) return allowed
      addIssue('expected hosts, addresses and networks separated by commas (crm.local,10.1.0.0/16)')
      return z.NEVER
    })
    .optional()
    .describe(
      'Hosts, addresses and networks that webhooks may go to although they are not public, or by http: `crm.local,10.1.0.0/16`. Not set: only https to public addresses ([webhooks.md](webhooks.md#where-webhooks-may-go))',
    ),
  WEBHOOK_PATIENCE_SECONDS: z.coerce
    .number('expected seconds')
    .positive('expected seconds')
    .default(300)
    .describe(
      'How long all events wait for a target that fails. Later only a few wait, and the others become dead letters ([webhooks.md](webhooks.md#a-target-that-fails))',
    ),
  ...effectSettings,
})
export type Config = z.output<typeof Config>
