// Settings of the mailbox.
import * as z from 'zod'
import { DATA_DIR, HOST, port } from '#kit/settings.ts'

export const MailboxConfig = z.object({
  // Separate from HOST: opening the endpoint to other machines must not open the mails.
  MAILBOX_HOST: HOST.describe(
    'Where the mailbox and its SMTP server listen. It has no password: whoever reaches it can read and delete all mails',
  ),
  MAILBOX_PORT: port.default(8082).describe("Port of the mailbox's page"),
  MAILBOX_SMTP_PORT: port
    .default(0)
    .describe("Port of the mailbox's SMTP server. 0: a free port, which the start prints"),
  DATA_DIR,
})
