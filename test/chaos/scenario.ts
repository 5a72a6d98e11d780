// One run of a fault: a new instance under load, the fault in the middle of it, then a count of the results.
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
  /** Effects of the fault: processes ended, calls failed. A run without harm proves nothing. */
  harm: number
  /** Submissions acknowledged before the fault. */
  before: number
  /** Submissions sent during the fault. */
  beside: number
  /** Missing events of acknowledged submissions, over all topics. */
  unfollowed: number
  /** Submissions with two different event ids on one topic. */
  conflicting: number
  /** Ids with several records on forms.submitted, which readers recognise as repeats. */
  repeated: number
  /** Longest time without an acknowledgement, in seconds. */
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
  /** Requests of each user. */
  requests: number
  environment: Record<string, string>
  /** For a run without a fault, which has no harm. */
  harmless?: boolean
  /** Time without a new row after which rows count as missing, ms. */
  timeLimit: number
}

export interface FaultContext {
  instance: Running
  dataDir: string
  /** Starts another instance on the same data. */
  again: () => Promise<Running>
  load: Load
}

/** Causes the fault while the load runs. Returns the instance that runs afterwards, which can be a new one, and the number of effects. */
export type Fault = (context: FaultContext) => Promise<{ instance: Running; harm: number }>

export async function run(fault: Fault, scenario: Scenario): Promise<Counts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-chaos-'))
  const began = performance.now()
  const again = () => startInstance(dataDir, scenario.environment)
  const first = await again()
  const { users, requests } = scenario
  const url = `${first.endpoint}/forms/student-data`
  const load = startLoad(url, users, requests)
  // The fault begins after a fifth of the load.
  await load.after((users * requests) / 5)
  const before = load.counts()
  const { instance, harm } = await fault({ instance: first, dataDir, again, load })
  const beside = load.counts().sent - before.sent
  const { sent, acknowledged, longestStall } = await load.end()
  const read = async () =>
    (await readRows(instance.sheets as string, 'student-data', 'Responses')).map((row) => row.id)
  const counted = await waitForRows(read, acknowledged, scenario.timeLimit)
  const [follows, submitted] = await Promise.all([
    followed(instance, followingTopics, acknowledged),
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
    repeated: [...submitted.values()].filter(isRepeated).length,
    stall: longestStall / 1000,
    seconds: (performance.now() - began) / 1000,
  }
}

/** Topics on which every submission of student-data must have an event. */
const followingTopics = ['forms.validated', 'forms.recorded', 'forms.analyzed']

const isRepeated = (ids: Map<string, number>): boolean =>
  [...ids.values()].some((times) => times > 1)
