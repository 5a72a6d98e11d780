import * as z from 'zod'
import { formsConfig } from '#kit/forms/load-forms.ts'
import { DATA_DIR, HOST, LOG_LEVEL, PORT, port } from '#kit/settings.ts'
import { endpointSettings } from '../../functions/form-endpoint/settings.ts'
import { MailboxConfig } from '../../local/mail/config.ts'
import { EmulatorConfig } from '../../local/sheets/config.ts'

/** The environment of `npm start` and of the commands that talk to it. */
export const Environment = z.object({
  HOST,
  PORT,
  ...EmulatorConfig.shape,
  ...MailboxConfig.shape,
  DATA_DIR,
  ...formsConfig,
  IDLE_SECONDS: z.coerce
    .number('expected seconds')
    .positive('expected seconds')
    .default(60)
    .describe("Seconds without an event after which a function's process is stopped"),
  KAFKA_PORT: port
    .default(9092)
    .describe('Port of the first broker of `npm run kafka`; the others use the next ports'),
  LOG_LEVEL,
  GOOGLE_APPLICATION_CREDENTIALS: z
    .string()
    .optional()
    .describe(
      "File with a Google service account's key. Set: Google Sheets. Not set: the emulator",
    ),
  SHEETS_ROOT_URL: z
    .string()
    .optional()
    .describe('Address of another Sheets API; no emulator is started then'),
  SMTP_URL: z
    .string()
    .optional()
    .describe(
      'Mail server, `smtp://` or `smtps://`, with user and password if it needs them. Not set: `npm start` runs the mailbox',
    ),
  ...endpointSettings,
})

export type Environment = z.infer<typeof Environment>
