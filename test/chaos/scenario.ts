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
  /** Ids that stand more than once on forms.submitted; readers drop repeats. */
  repeated: number
  /** Seconds of the longest time in the load without an acknowledgement. */
  stall: number
  seconds: number
}

export const nothing: Counts = {
  sent: 0,
  acknowledged: 0,
  rows: 0,
  missing: 0,
  duplicate: 0,
  harm: 0,
  unanalysed: 0,
  repeated: 0,
  stall: 0,
  seconds: 0,
}

export interface Scenario {
  users: number
  /** Of each user. */
  requests: number
  environment: Record<string, string>
  /** Milliseconds without a new row after which the count is taken. */
  patience: number
}

export interface Given {
  instance: Running
  /** Starts another instance on the same data. */
  again: () => Promise<Running>
}

/** Does its harm while the load runs; answers the instance that goes on, which may be another one, and how often it struck. */
export type Fault = (given: Given) => Promise<{ instance: Running; harm: number }>

export async function run(fault: Fault, scenario: Scenario): Promise<Counts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-chaos-'))
  const began = performance.now()
  const again = () => startInstance(dataDir, scenario.environment)
  const first = await again()
  const { users, requests } = scenario
  const url = `${first.endpoint}/forms/student-data`
  const loading = submitAll({ url, users, requests, answers: student })
  const { instance, harm } = await fault({ instance: first, again })
  const { sent, acknowledged, longestStall } = await loading
  const read = async () =>
    (await readRows(instance.sheets as string, 'student-data', 'Responses')).map((row) => row.id)
  const counted = await waitForRows(read, acknowledged, scenario.patience)
  const analysed = await subjectsOn(instance, 'forms.analyzed', acknowledged)
  const submitted = await subjectsOn(instance, 'forms.submitted', acknowledged)
  await instance.stop()
  await rm(dataDir, { recursive: true })
  return {
    ...nothing,
    ...counted,
    sent,
    acknowledged: acknowledged.length,
    harm,
    unanalysed: acknowledged.filter((id) => !analysed.has(id)).length,
    repeated: [...submitted.values()].filter((times) => times > 1).length,
    stall: longestStall / 1000,
    seconds: (performance.now() - began) / 1000,
  }
}

/** How often each subject stands on a topic, read until all that are expected have come and then all is quiet. */
async function subjectsOn(
  { control }: Running,
  topic: string,
  expected: string[],
): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const missing = new Set(expected)
  const quiet = new AbortController()
  let timer = setTimeout(() => quiet.abort(), 15_000)
  try {
    const lines = readLines(`${control}/topics/${topic}?from=earliest`, { signal: quiet.signal })
    for await (const line of lines) {
      const { subject } = JSON.parse(line)
      seen.set(subject, (seen.get(subject) ?? 0) + 1)
      missing.delete(subject)
      clearTimeout(timer)
      timer = setTimeout(() => quiet.abort(), missing.size === 0 ? 1000 : 15_000)
    }
  } catch (error) {
    if (!quiet.signal.aborted) throw error
  }
  clearTimeout(timer)
  return seen
}

export const between = (least: number, most: number): Promise<void> =>
  delay(least + Math.random() * (most - least))
