// One run of a fault: load on a fresh instance, the fault in the middle of it, then the count of what came through.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readLines } from '../../scripts/lines.ts'
import { readRows, waitForRows } from '../../scripts/load/sheet.ts'
import { student } from '../../scripts/load/students.ts'
import { submitAll } from '../../scripts/load/submit.ts'
import { type Running, startInstance } from '../instance.ts'

export interface Counts {
  sent: number
  acknowledged: number
  rows: number
  missing: number
  duplicate: number
  /** How often the fault struck: processes killed, calls that failed. A run without harm shows nothing. */
  harm: number
  /** Acknowledged submissions without an event on forms.analyzed. */
  unanalysed: number
  seconds: number
}

/** Does its harm while the load runs; answers the instance that goes on, which may be another one, and how often it struck. */
export type Fault = (
  instance: Running,
  dataDir: string,
) => Promise<{ instance: Running; harm: number }>

const environment = { SHEETS_TIMEOUT_MS: '1000' }
const [users, requests] = [100, 50]

export const start = (dataDir: string): Promise<Running> => startInstance(dataDir, environment)

export async function run(fault: Fault): Promise<Counts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-chaos-'))
  const began = performance.now()
  const first = await start(dataDir)
  const loading = submitAll({
    url: `${first.endpoint}/forms/student-data`,
    users,
    requests,
    answers: student,
  })
  const { instance, harm } = await fault(first, dataDir)
  const { sent, acknowledged } = await loading
  const read = async () =>
    (await readRows(instance.sheets as string, 'student-data', 'Responses')).map((row) => row.id)
  const counted = await waitForRows(read, acknowledged, 30_000)
  const unanalysed = await missingOn(instance, 'forms.analyzed', acknowledged)
  await instance.stop()
  await rm(dataDir, { recursive: true })
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { sent, acknowledged: acknowledged.length, ...counted, harm, unanalysed, seconds }
}

/** Reads a topic from its beginning until every subject was seen, or nothing has come for five seconds. */
async function missingOn({ control }: Running, topic: string, subjects: string[]): Promise<number> {
  const missing = new Set(subjects)
  const quiet = new AbortController()
  const timer = setTimeout(() => quiet.abort(), 5000)
  try {
    const lines = readLines(`${control}/topics/${topic}?from=earliest`, { signal: quiet.signal })
    for await (const line of lines) {
      timer.refresh()
      missing.delete(JSON.parse(line).subject)
      if (missing.size === 0) break
    }
  } catch (error) {
    if (!quiet.signal.aborted) throw error
  }
  clearTimeout(timer)
  return missing.size
}

export const between = (least: number, most: number): Promise<void> =>
  delay(least + Math.random() * (most - least))
