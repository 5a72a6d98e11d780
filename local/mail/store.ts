// The mails on disk, newest first. The oldest are deleted beyond a limit.
import { openDatabase, transaction } from '#kafka/log/sqlite/database.ts'
import type { MailContent } from './read-mail.ts'

export interface Mail extends MailContent {
  id: string
  /** Addresses that it was sent to, separated by commas: of the envelope, so with blind copies. */
  to: string
  /** ISO 8601. */
  receivedAt: string
}

export interface Limits {
  mails: number
  /** Of all sources together. */
  bytes: number
}

export const defaultLimits: Limits = { mails: 10_000, bytes: 64 * 1024 * 1024 }

// AUTOINCREMENT: the id of a deleted mail is not used again.
const schema = `
  CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "from" TEXT NOT NULL, "to" TEXT NOT NULL, subject TEXT NOT NULL, messageId TEXT NOT NULL,
    text TEXT, html TEXT, receivedAt TEXT NOT NULL,
    size INTEGER NOT NULL, source BLOB NOT NULL
  );
`
const columns = `CAST(id AS TEXT) AS id, "from", "to", subject, messageId, text, html, receivedAt`

export type MailStore = ReturnType<typeof openStore>

export function openStore(file: string, limits: Limits = defaultLimits) {
  const db = openDatabase(file, schema)
  const insert = db.prepare(
    `INSERT INTO mail ("from", "to", subject, messageId, text, html, receivedAt, size, source)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const newest = db.prepare(`SELECT ${columns} FROM mail ORDER BY mail.id DESC LIMIT ?`)
  const one = db.prepare(`SELECT ${columns} FROM mail WHERE mail.id = ?`)
  const sourceOf = db.prepare('SELECT source FROM mail WHERE id = ?')
  const oldest = db.prepare('SELECT id, size FROM mail ORDER BY id LIMIT 1')
  const removeOne = db.prepare('DELETE FROM mail WHERE id = ?')
  const sum = db.prepare('SELECT COUNT(*) AS mails, COALESCE(SUM(size), 0) AS bytes FROM mail')
  const measure = () => sum.get() as unknown as Limits
  let held = measure()

  function makeRoom(): void {
    while (held.mails > limits.mails || (held.bytes > limits.bytes && held.mails > 1)) {
      const { id, size } = oldest.get() as { id: number; size: number }
      removeOne.run(id)
      held = { mails: held.mails - 1, bytes: held.bytes - size }
    }
  }

  return {
    limits,

    /** On disk when it returns. */
    add(content: MailContent, to: string, source: Uint8Array): void {
      const { from, subject, messageId, text, html } = content
      const receivedAt = new Date().toISOString()
      try {
        transaction(db, () => {
          const size = source.byteLength
          insert.run(from, to, subject, messageId, text, html, receivedAt, size, source)
          held = { mails: held.mails + 1, bytes: held.bytes + size }
          makeRoom()
        })
      } catch (error) {
        held = measure()
        throw error
      }
    },

    count: () => held.mails,
    /** Without a limit: all. */
    newest: (limit = -1) => newest.all(limit) as unknown as Mail[],
    find: (id: string) => one.get(id) as unknown as Mail | undefined,
    source: (id: string) => sourceOf.get(id)?.source as Uint8Array | undefined,
    clear(): void {
      db.exec('DELETE FROM mail')
      held = measure()
    },
    close: () => db.close(),
  }
}
