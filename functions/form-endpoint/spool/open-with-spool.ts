// Opens the log that the endpoint appends to, with a spool before it if SPOOL_DIR is set.
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { submitted } from '#kafka/events.ts'
import { isAway } from '#kafka/log/kafka/connect-admin.ts'
import type { Log } from '#kafka/log/port.ts'
import type { SpoolingLog, SpoolStatus } from '#kafka/log/spool/spooling-log.ts'
import { readConfig } from '#kit/config.ts'
import { SpoolEnvironment } from './environment.ts'

export interface EndpointLog {
  log: Log
  /** Undefined without SPOOL_DIR. */
  spool: Pick<SpoolingLog, 'status' | 'file'> | undefined
}

interface Options {
  environment: Record<string, string | undefined>
  /** Opens the log itself. */
  open: () => Promise<Log>
  logger: Logger
}

/** With a spool it also resolves while the log is away, and opens that later. */
export async function openWithSpool({ environment, open, logger }: Options): Promise<EndpointLog> {
  const { SPOOL_DIR, SPOOL_MAX_BYTES: maxBytes } = readConfig(SpoolEnvironment, environment)
  if (!SPOOL_DIR) return { log: await open(), spool: undefined }
  // Imported here, so that a start without a spool does not load SQLite.
  const { LateLog } = await import('#kafka/log/spool/late-log.ts')
  const { SpoolingLog } = await import('#kafka/log/spool/spooling-log.ts')
  const target = await LateLog.open({ open, isAway })
  const log = await SpoolingLog.open({
    folder: resolve(SPOOL_DIR),
    topic: submitted.name,
    maxBytes,
    target,
    onChange: (status) => report(status, logger),
  })
  return { log, spool: log }
}

function report({ since, reason, waiting, forwarded }: SpoolStatus, logger: Logger): void {
  if (since) logger.warn({ since, reason, waiting }, 'submissions wait in the spool')
  else logger.info({ forwarded }, 'the spool is empty: submissions go to the log again')
}
