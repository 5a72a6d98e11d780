// Sends many submissions, optionally while functions are killed at random. Counts lost and doubled results, and samples the replicas.
import { setTimeout as delay } from 'node:timers/promises'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { count, readRows, type SheetCount } from '../../scripts/load/sheet.ts'
import { student } from '../../scripts/load/students.ts'
import { submitAll } from '../../scripts/load/submit.ts'
import { type CollectedEvents, collectEvents } from './collect-events.ts'
import { type Deployment, ingress, namespace } from './deployment.ts'
import { killPod, readyPods, waitForNoPod } from './pods.ts'
import { type Sample, startSampler } from './sampler.ts'

export interface LoadReport extends SheetCount {
  sent: number
  acknowledged: number
  /** Number of answers by status. */
  statuses: Record<string, number>
  kills: number
  /** Events that should have followed an acknowledged submission and are missing, over all topics. */
  unfollowed: number
  /** Submissions with two different event ids on one topic. */
  conflicting: number
  /** Duration of the load; time until all events had arrived; time until no task had a replica. */
  seconds: { load: number; through: number; zero: number }
  samples: Sample[]
}

interface LoadOptions {
  users: number
  /** Requests of each user. */
  requests: number
  /** Milliseconds between two kills; 0 for no kills. */
  killEvery: number
}

/** Each submission of the form student-data leads to one event on each of these. */
const topics = ['forms.validated', 'forms.analyzed', 'forms.recorded']
/** Milliseconds without a new event after which events are counted as missing. */
const stallTimeout = 90_000

export async function load(deployment: Deployment, options: LoadOptions): Promise<LoadReport> {
  const { log, emulator, endpointHost } = deployment
  for (const { name } of await findClusterTasks())
    await waitForNoPod(deployment.kube, namespace, name)
  const events = await collectEvents(log, topics)
  let answered = 0
  const sampler = startSampler(deployment, events, () => answered)
  const began = performance.now()
  const since = () => Math.round((performance.now() - began) / 1000)
  const loadEnded = new AbortController()
  const killing = killUntil(loadEnded.signal, deployment, options.killEvery)
  const { sent, statuses, acknowledged, seconds } = await submitAll({
    ...options,
    url: `${ingress}/forms/student-data`,
    headers: { host: endpointHost },
    answers: student,
    onAnswer: () => {
      answered += 1
    },
  })
  await waitForEvents(events, acknowledged.length)
  const through = since()
  loadEnded.abort()
  const kills = await killing
  await waitForZeroReplicas(sampler.samples)
  await sampler.stop()
  await events.close()
  const rows = await readRows(emulator.url, 'student-data', 'Responses')
  const ids = rows.map(({ id }) => id)
  const topicsSeen = [...events.seen.values()]
  return {
    sent,
    acknowledged: acknowledged.length,
    statuses,
    kills,
    ...count(ids, acknowledged),
    unfollowed: topicsSeen.flatMap((seen) => acknowledged.filter((id) => !seen.has(id))).length,
    conflicting: topicsSeen.flatMap((seen) => [...seen.values()].filter((ids) => ids.size > 1))
      .length,
    seconds: { load: Math.round(seconds), through, zero: since() },
    samples: sampler.samples,
  }
}

/** Kills a random function every `every` ms until the signal. Resolves with the number of kills. */
async function killUntil(stop: AbortSignal, { kube }: Deployment, every: number): Promise<number> {
  let kills = 0
  if (every === 0) return kills
  while (!stop.aborted) {
    await delay(every, undefined, { signal: stop }).catch(() => {})
    const pods = await readyPods(kube, namespace)
    const pod = pods[Math.floor(Math.random() * pods.length)]
    if (!stop.aborted && pod && killPod(pod)) kills += 1
  }
  return kills
}

/** Waits until the events of all submissions have arrived, or none arrives any more. */
async function waitForEvents(events: CollectedEvents, expected: number): Promise<void> {
  let last = events.done()
  let lastProgress = performance.now()
  while (last < expected && performance.now() - lastProgress < stallTimeout) {
    await delay(500)
    if (events.done() === last) continue
    last = events.done()
    lastProgress = performance.now()
  }
}

/** Waits until no task has a replica, at most 240 s. */
async function waitForZeroReplicas(samples: Sample[]): Promise<void> {
  const tasks = ({ replicas }: Sample) => Object.keys(replicas).filter((name) => name !== endpoint)
  for (let second = 0; second < 240; second++) {
    const last = samples.at(-1)
    if (last && tasks(last).length === 0) return
    await delay(1000)
  }
}

const endpoint = 'form-endpoint'
