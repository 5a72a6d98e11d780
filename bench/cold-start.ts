// Time from an accepted submission until a function that is not running has handled it, and until a second one in a row has.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { show, spread } from './parts/spread.ts'

const rounds = 7

export default async function coldStart(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder, { IDLE_SECONDS: '0.5' })
  const [one, two]: [number[], number[]] = [[], []]
  // The first round compiles the code and does not count.
  for (let n = 0; n <= rounds; n++) {
    await allStopped(instance)
    const validated = nextArrival(instance, 'forms.validated')
    const analyzed = nextArrival(instance, 'forms.analyzed')
    await delay(100)
    const accepted = await submit(instance)
    const times = await Promise.all([validated, analyzed])
    if (n === 0) continue
    one.push(times[0] - accepted)
    two.push(times[1] - accepted)
  }
  await instance.stop()
  await rm(folder, { recursive: true })
  const result = { rounds, toValidated: spread(one), toAnalyzed: spread(two) }
  console.log(`  202 to validated, one cold start ${show(result.toValidated, ' ms')} (goal 500)`)
  console.log(`  202 to analysed, two in a row ${show(result.toAnalyzed, ' ms')}`)
  return result
}

async function allStopped(instance: Running): Promise<void> {
  const { functions } = connectInstance(instance)
  while (Object.keys(await functions()).length > 0) await delay(50)
  // A process that was stopped may take a moment to exit.
  await delay(300)
}

/** When the next event arrives on the topic. */
async function nextArrival(instance: Running, topic: string): Promise<number> {
  for await (const _ of connectInstance(instance).watch(topic)) return performance.now()
  throw new Error(`The topic ${topic} ended`)
}

/** Returns when the submission was accepted. */
async function submit({ endpoint }: Running): Promise<number> {
  await fetch(`${endpoint}/forms/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item1: 'hello', item2: 'world' }),
  })
  return performance.now()
}
