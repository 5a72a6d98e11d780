// The table of the status view: one row for each submission.
import type { Fact, Outcome, Status } from '../port.ts'

/** In the data folder. */
export const statusFile = 'receipts.sqlite'

/** `n` grows with the age of rows, so the oldest ones are found without an index. `done` and `failed` are JSON: outcomes by task. */
export const schema = `
  CREATE TABLE IF NOT EXISTS submission (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL,
    time TEXT NOT NULL,
    seen INTEGER NOT NULL,
    done TEXT NOT NULL,
    failed TEXT NOT NULL,
    answers TEXT
  ) STRICT`

/** Merges a fact into the row, whatever came before it. */
export const putSql = `
  INSERT INTO submission (id, form, time, seen, done, failed, answers) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    done = json_patch(done, excluded.done),
    failed = json_patch(failed, excluded.failed),
    answers = coalesce(excluded.answers, answers)`

export const getSql = 'SELECT form, time, done, failed, answers FROM submission WHERE id = ?'

/** Deletes rows that were first seen before a time; of the oldest rows, at most so many. */
export const pruneSql = `
  DELETE FROM submission
  WHERE n IN (SELECT n FROM submission ORDER BY n LIMIT ?2) AND seen < ?1`

/** The values of `putSql`. `now`: milliseconds since 1970. */
export function toRow(fact: Fact, now: number): (string | number | null)[] {
  const { submission, form, time, task, outcome, answers } = fact
  const own = JSON.stringify({ [task]: outcome })
  const [done, failed] = outcome.state === 'failed' ? ['{}', own] : [own, '{}']
  return [submission, form, time, now, done, failed, answers ? JSON.stringify(answers) : null]
}

export function toStatus(row: Record<string, unknown>): Status {
  const { form, time, done, failed, answers } = row as Record<string, string>
  const outcomes = { ...parse(failed), ...parse(done) } as Record<string, Outcome>
  return { form: form!, time: time!, outcomes, ...(answers && { answers: parse(answers) }) }
}

const parse = (text = '{}'): Record<string, unknown> => JSON.parse(text)
