// One run of a fault: load on a fresh instance, the fault in the middle of it, then the count of what came through.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRows, waitForRows } from '../../scripts/load/sheet.ts'
import { type Running, startInstance } from '../instance.ts'
import { followed, idsOn } from './followed.ts'
import { type Load, startLoad } from './load.ts'

export interface Counts {
  sent: number
  acknowledged: number
  rows: number
  missing: number
  duplicate: number
  /** How often the fault struck, counted where it did: processes ended, calls failed. A run without harm shows nothing. */
  harm: number
  /** Submissions acknowledged before the fault began, and sent while it went on. */
  before: number
  beside: number
  /** Events that are missing behind an acknowledged submission, over all topics. */
  unfollowed: number
  /** Submissions with two different events on one topic, where a repeat must carry the same id. */
  conflicting: number
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
  before: 0,
  beside: 0,
  unfollowed: 0,
  conflicting: 0,
  repeated: 0,
  stall: 0,
  seconds: 0,
}

export interface Scenario {
  users: number
  /** Of each user. */
  requests: number
  environment: Record<string, string>
  /** For a run without a fault, to compare with: no harm is expected of it. */
  harmless?: boolean
  /** Milliseconds without a new row after which the count is taken. */
  timeLimit: number
}

export interface Given {
  instance: Running
  dataDir: string
  /** Starts another instance on the same data. */
  again: () => Promise<Running>
  load: Load
}

/** Does its harm while the load runs, which goes on until it has; answers the instance that goes on, which may be another one, and how often it struck. */
export type Fault = (given: Given) => Promise<{ instance: Running; harm: number }>

export async function run(fault: Fault, scenario: Scenario): Promise<Counts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-chaos-'))
  const began = performance.now()
  const again = () => startInstance(dataDir, scenario.environment)
  const first = await again()
  const { users, requests } = scenario
  const url = `${first.endpoint}/forms/student-data`
  const load = startLoad(url, users, requests)
  // A fifth of the load is through, the rest is under way.
  await load.after((users * requests) / 5)
  const before = load.counts()
  const { instance, harm } = await fault({ instance: first, dataDir, again, load })
  const beside = load.counts().sent - before.sent
  const { sent, acknowledged, longestStall } = await load.end()
  const read = async () =>
    (await readRows(instance.sheets as string, 'student-data', 'Responses')).map((row) => row.id)
  const counted = await waitForRows(read, acknowledged, scenario.timeLimit)
  const [follows, submitted] = await Promise.all([
    followed(instance, following, acknowledged),
    idsOn(instance, 'forms.submitted', acknowledged),
  ])
  await instance.stop()
  await rm(dataDir, { recursive: true })
  return {
    ...nothing,
    ...counted,
    ...follows,
    sent,
    acknowledged: acknowledged.length,
    harm,
    before: before.acknowledged,
    beside,
    repeated: [...submitted.values()].filter(standsTwice).length,
    stall: longestStall / 1000,
    seconds: (performance.now() - began) / 1000,
  }
}

/** What every submission of the form student-data leads to. */
const following = ['forms.validated', 'forms.recorded', 'forms.analyzed']

const standsTwice = (ids: Map<string, number>): boolean =>
  [...ids.values()].some((times) => times > 1)
