// Cold starts: a bundle from its start until it listens, beside two peers; and an accepted submission until functions that were not
// running have handled it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { bundle } from '../scripts/build/bundle.ts'
import { coldStart } from '../scripts/build/cold-start.ts'
import { selectFunctions } from '../scripts/build/select-functions.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { startServerProcess } from './parts/child-process.ts'
import { submitAtRate } from './parts/instance-load.ts'
import { figure, type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

/** Starts in each round; the round's figure is their median. */
const starts = 5

export default async function coldStarts(): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(join(folder, 'data'), { IDLE_SECONDS: '0.5' })
  // Compiles the code.
  await throughColdFunctions(instance, 'forms.validated')
  const rounds = await alternate({
    ...(await bundles(join(folder, 'bundles'))),
    'bare node:http': () => medianOf(() => untilListening('bare-server.ts')),
    'faas-js-runtime': () => medianOf(() => untilListening('faas-server.ts')),
    '202 to validated, one start': () =>
      medianOf(() => throughColdFunctions(instance, 'forms.validated')),
    '202 to analysed, two starts': () =>
      medianOf(() => throughColdFunctions(instance, 'forms.analyzed')),
  })
  await instance.stop()
  await rm(folder, { recursive: true })
  const names = Object.keys(rounds).filter((name) => name.startsWith('bundle '))
  return summarise('start', rounds, [
    {
      what: 'cold start of a bundle to listening, the slowest, ms',
      of: names[0] as string,
      number: (_, sameRound) => Math.max(...names.map((name) => figure('ms')(sameRound(name)))),
      atMost: 150,
      before: '185–280',
    },
  ])
}

async function bundles(folder: string): Promise<Record<string, () => Promise<Round>>> {
  const cases: Record<string, () => Promise<Round>> = {}
  for (const facts of await selectFunctions([])) {
    const built = await bundle(facts, folder)
    cases[`bundle ${facts.name}`] = () => medianOf(() => coldStart(built.folder, resolve('forms')))
  }
  return cases
}

async function medianOf(measure: () => Promise<number>): Promise<Round> {
  const times: number[] = []
  for (let n = 0; n < starts; n++) times.push(await measure())
  times.sort((a, b) => a - b)
  return { figures: { ms: times[Math.floor(starts / 2)] as number } }
}

async function untilListening(file: string): Promise<number> {
  const began = performance.now()
  const server = await startServerProcess({ file, args: [] })
  const time = performance.now() - began
  await server.stop()
  return time
}

/** Milliseconds from the 202 until an event arrives on the topic, from functions that are not running. */
async function throughColdFunctions(instance: Running, topic: string): Promise<number> {
  await allStopped(instance)
  const arrival = nextArrival(instance, topic)
  // The watch must have begun.
  await delay(100)
  const [accepted] = await submitAtRate(instance, { rate: 1, seconds: 1, connections: 1 })
  return (await arrival) - (accepted?.at ?? Number.NaN)
}

async function allStopped(instance: Running): Promise<void> {
  const { functions } = connectInstance(instance)
  while (Object.keys(await functions()).length > 0) await delay(50)
  // A process that was stopped may take a moment to exit.
  await delay(300)
}

async function nextArrival(instance: Running, topic: string): Promise<number> {
  for await (const _ of connectInstance(instance).watch(topic)) return performance.now()
  throw new Error(`The topic ${topic} ended`)
}
