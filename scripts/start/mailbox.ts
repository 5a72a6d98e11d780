// Starts the mailbox for the tasks that send mails, if no mail server is set. It starts after the endpoint, which people wait for.
import type { Logger } from 'pino'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'
import { expectFree } from '../../local/free-ports.ts'
import { MailboxConfig } from '../../local/mail/config.ts'
import { childEnvironment, type Variables, variablesIn } from './child-environment.ts'
import { keepRunning } from './keep-running.ts'
import { hostToConnect } from './sheets-emulator.ts'

const main = 'local/mail/main.ts'

export interface Mailbox {
  /** Of its page. */
  url: string
  /** Of its SMTP server, as SMTP_URL. */
  smtp: string
  stop: () => Promise<void>
}

export interface PreparedMailbox {
  /** Resolves when it is started. */
  smtp: () => Promise<string>
  start: () => Promise<Mailbox>
  /** If it is not started, it never will be: nobody may wait for its address. */
  giveUp: () => void
}

/** True for a task that reads SMTP_URL. */
export const sendsMails = ({ config }: Pick<Task, 'config'>): boolean =>
  'SMTP_URL' in variablesIn(config)

/** Throws if a port is taken. `environment`: of `npm start`. */
export async function prepareMailbox(
  environment: Variables,
  dataDir: string,
  logger: Logger,
): Promise<PreparedMailbox> {
  const names = Object.keys(MailboxConfig.shape)
  const env = childEnvironment({ ...environment, DATA_DIR: dataDir }, names)
  const { MAILBOX_HOST: host, MAILBOX_PORT, MAILBOX_SMTP_PORT } = readConfig(MailboxConfig, env)
  const page = { host, port: MAILBOX_PORT, who: 'the mailbox' }
  await expectFree([page], 'choose another with MAILBOX_PORT')
  const smtp = { host, port: MAILBOX_SMTP_PORT, who: "the mailbox's SMTP server" }
  await expectFree([smtp], 'choose another with MAILBOX_SMTP_PORT')
  const started = Promise.withResolvers<Mailbox>()
  // The start that fails reports it.
  started.promise.catch(() => {})

  async function start(): Promise<Mailbox> {
    const { port, again, stop } = await keepRunning(main, env, logger)
    const reached = hostToConnect(host)
    const smtpUrl = `smtp://${reached}:${again.MAILBOX_SMTP_PORT}`
    return { url: `http://${reached}:${port}`, smtp: smtpUrl, stop }
  }
  return {
    smtp: async () => (await started.promise).smtp,
    start() {
      started.resolve(start())
      return started.promise
    },
    giveUp: () =>
      started.reject(new Error('Expected the mailbox to start, found the end of npm start')),
  }
}
