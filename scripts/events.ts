// `npm run events`: what leads to what. `… tail <topic> [--from earliest]`: events as they come. `… lag`: what each task has
// yet to do, and what keeps it. `… skip <topic> <partition> <offset>`: the record becomes a dead letter, the task goes on.
import './exit-on-error.ts'
import { parseArgs } from 'node:util'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { submitted } from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { findInstance } from '../local/knative/instance.ts'
import { connectInstance, type InstanceClient } from '../local/knative/instance-client.ts'
import { readinessOf } from '../local/knative/readiness.ts'
import { Environment } from './start/environment.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: 'latest' } },
})
const [command, topic, ...place] = positionals
if (command === 'tail') await tail(topicOf(topic))
else if (command === undefined) await show()
else if (command === 'lag') await lag()
else if (command === 'skip') await skip(topicOf(topic), place)
else {
  const expected = 'Expected tail <topic>, lag, skip <topic> <partition> <offset> or nothing'
  throw new Error(`${expected}, found "${command}"`)
}

async function show(): Promise<void> {
  console.log('POST /forms/<form>'.padEnd(20), '─► forms.submitted')
  for (const { name, on, emits } of inFlow(await findTasks())) {
    console.log(`${on.topic.name.padEnd(20)} ─► ${name.padEnd(14)} ─► ${emits[0]?.topic.name}`)
    for (const event of emits) console.log(`${' '.repeat(42)}${event.type}: ${event.summary}`)
  }
}

/** And what the tasks have to say: of rows that wait, how many, since when, and why. */
async function lag(): Promise<void> {
  const instance = await connect()
  const [lags, problems] = [await instance.lag(), await instance.problems()]
  for (const task of await findTasks()) {
    console.log(`${task.name.padEnd(14)} ${lags[task.name] ?? 'not known'}`)
    if (problems[task.name]) console.log(`  no events come: ${problems[task.name]}`)
    const { problem, notes } = (await readinessOf(instance, task)) ?? {}
    if (problem) console.log(`  not ready: ${problem}`)
    for (const [what, note] of Object.entries(notes ?? {})) console.log(`  ${what}: ${note}`)
  }
}

/** Those that read what others emit come after them. */
function inFlow(tasks: Task[], from = submitted.name): Task[] {
  const reading = tasks.filter(({ on }) => on.topic.name === from)
  const after = new Set(reading.flatMap(({ emits }) => emits.map((event) => event.topic.name)))
  return [...reading, ...[...after].flatMap((topic) => inFlow(tasks, topic))]
}

async function connect(): Promise<InstanceClient> {
  return connectInstance(await findInstance(readConfig(Environment, process.env).DATA_DIR))
}

function topicOf(name: string | undefined): string {
  const topics = topicsOf(declared).map((one) => one.name)
  if (name && topics.includes(name)) return name
  throw new Error(`Expected one of the topics ${topics.join(', ')}, found "${name ?? ''}"`)
}

async function tail(topic: string): Promise<void> {
  const instance = await connect()
  for await (const line of instance.watch(topic, values)) console.log(line)
}

async function skip(topic: string, place: string[]): Promise<void> {
  const [partition = '', offset = ''] = place
  if (place.length !== 2 || !place.every((number) => /^\d+$/.test(number))) {
    throw new Error(`Expected a partition and an offset, found "${place.join(' ')}"`)
  }
  const outcomes = await (await connect()).skip(topic, partition, offset)
  for (const { task, problem } of outcomes) {
    console.log(`${task.padEnd(14)} ${problem ?? 'skipped; it is a dead letter'}`)
  }
  if (outcomes.every(({ problem }) => problem)) process.exitCode = 1
}
