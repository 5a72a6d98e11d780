// Runs the mailbox. `npm start` does so if no mail server is set.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { readConfig } from '#kit/config.ts'
import { isLocalHost } from '#kit/http/same-machine.ts'
import { MailboxConfig } from './config.ts'
import { openMailbox } from './mailbox.ts'

const config = readConfig(MailboxConfig, process.env)
const { MAILBOX_HOST: host, DATA_DIR: folder } = config
// The file contains people's mails, so only its owner may read it.
process.umask(0o077)
mkdirSync(folder, { recursive: true })
const { ports, warn, close } = await openMailbox({
  file: join(folder, 'mailbox.sqlite'),
  host,
  ports: { page: config.MAILBOX_PORT, smtp: config.MAILBOX_SMTP_PORT },
})
if (!isLocalHost(host)) {
  warn(`MAILBOX_HOST is ${host}: everybody who can reach it can read and delete all mails`)
}

// Ctrl-C in a terminal reaches the parent too, which stops this process after the last function that sends mails.
const child = process.send !== undefined
if (child) process.on('SIGINT', () => {})
const grace = closeWithGrace({ skip: child ? ['SIGINT'] : [] }, async ({ err }) => {
  if (err) warn(String(err))
  await close()
})
// Without its parent, nothing else would stop this process.
process.on('disconnect', grace.close)

console.log(`Mailbox on http://${host}:${ports.page}, SMTP on port ${ports.smtp}`)
// The functions keep the SMTP port, so a restart listens there again.
const again = { MAILBOX_PORT: String(ports.page), MAILBOX_SMTP_PORT: String(ports.smtp) }
process.send?.({ listening: ports.page, again })
