// Many submissions, functions killed at random: what came of each submission, and how the replicas followed the load.
import { setTimeout as delay } from 'node:timers/promises'
import { findTasks } from '#kit/find-tasks.ts'
import { count, readRows, type SheetCount } from '../../scripts/load/sheet.ts'
import { student } from '../../scripts/load/students.ts'
import { submitAll } from '../../scripts/load/submit.ts'
import { type Deployment, ingress, namespace } from './deployment.ts'
import { killPod, noPod, readyPods } from './pods.ts'
import { type Received, receive } from './received.ts'
import { type Sample, startSampler } from './sampler.ts'

export interface Loaded extends SheetCount {
  sent: number
  acknowledged: number
  /** Status to how often. */
  statuses: Record<string, number>
  kills: number
  /** Events that are missing behind an acknowledged submission, over all topics. */
  unfollowed: number
  /** Submissions with two different ids on one topic. */
  conflicting: number
  /** Of the load; until all was through; until no task had a replica. */
  seconds: { load: number; through: number; zero: number }
  samples: Sample[]
}

interface Options {
  users: number
  /** Of each user. */
  requests: number
  /** Milliseconds between two kills; 0: nobody is killed. */
  killEvery: number
}

/** What every submission of the form student-data leads to. */
const topics = ['forms.validated', 'forms.analyzed', 'forms.recorded']
/** Milliseconds without progress after which the count is taken. */
const patience = 90_000

export async function load(deployment: Deployment, options: Options): Promise<Loaded> {
  const { log, emulator, endpointHost } = deployment
  for (const { name } of await findTasks()) await noPod(deployment.kube, namespace, name)
  const received = await receive(log, topics)
  let answered = 0
  const sampler = startSampler(deployment, received, () => answered)
  const began = performance.now()
  const since = () => Math.round((performance.now() - began) / 1000)
  const over = new AbortController()
  const killing = killUntil(over.signal, deployment, options.killEvery)
  const { sent, statuses, acknowledged, seconds } = await submitAll({
    ...options,
    url: `${ingress}/forms/student-data`,
    headers: { host: endpointHost },
    answers: student,
    onAnswer: () => {
      answered += 1
    },
  })
  await settled(received, acknowledged.length)
  const through = since()
  over.abort()
  const kills = await killing
  await zero(sampler.samples)
  await sampler.stop()
  await received.close()
  const rows = await readRows(emulator.url, 'student-data', 'Responses')
  const ids = rows.map(({ id }) => id)
  const of = [...received.seen.values()]
  return {
    sent,
    acknowledged: acknowledged.length,
    statuses,
    kills,
    ...count(ids, acknowledged),
    unfollowed: of.flatMap((seen) => acknowledged.filter((id) => !seen.has(id))).length,
    conflicting: of.flatMap((seen) => [...seen.values()].filter((ids) => ids.size > 1)).length,
    seconds: { load: Math.round(seconds), through, zero: since() },
    samples: sampler.samples,
  }
}

/** Functions of any kind, one at a time. Answers how many. */
async function killUntil(over: AbortSignal, { kube }: Deployment, every: number): Promise<number> {
  let kills = 0
  if (every === 0) return kills
  while (!over.aborted) {
    await delay(every, undefined, { signal: over }).catch(() => {})
    const pods = await readyPods(kube, namespace)
    const pod = pods[Math.floor(Math.random() * pods.length)]
    if (!over.aborted && pod && killPod(pod)) kills += 1
  }
  return kills
}

/** All through, or nothing more comes. */
async function settled(received: Received, expected: number): Promise<void> {
  let last = received.done()
  let moved = performance.now()
  while (last < expected && performance.now() - moved < patience) {
    await delay(500)
    if (received.done() === last) continue
    last = received.done()
    moved = performance.now()
  }
}

/** No task has a replica any more, or that takes too long. */
async function zero(samples: Sample[]): Promise<void> {
  const tasks = ({ replicas }: Sample) => Object.keys(replicas).filter((name) => name !== endpoint)
  for (let tries = 0; tries < 240; tries++) {
    const last = samples.at(-1)
    if (last && tasks(last).length === 0) return
    await delay(1000)
  }
}

const endpoint = 'form-endpoint'
