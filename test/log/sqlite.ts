// Opens the embedded log of a test's folder.
import { join } from 'node:path'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'

export const openSqlite = (folder: string): Promise<SqliteLog> =>
  SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
