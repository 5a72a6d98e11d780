// The embedded log of a test's folder with a spool before it.
import { join } from 'node:path'
import { SpoolingLog } from '#kafka/log/spool/spooling-log.ts'
import { openSqlite } from './sqlite.ts'
import { topic } from './submission.fixture.ts'

export const openSpooled = async (folder: string): Promise<SpoolingLog> =>
  SpoolingLog.open({
    folder: join(folder, 'spool'),
    topic,
    maxBytes: 2 ** 30,
    target: await openSqlite(folder),
  })
