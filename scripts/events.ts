// Shows the flow of events, follows a topic, and tells what each task still has to do.
//
//   npm run events                                           which task reads and writes which topic
//   npm run events -- tail <topic> [--from earliest]         prints events as they arrive
//   npm run events -- lag                                    events that each task has not handled yet, and why
//   npm run events -- skip <topic> <partition> <offset>      turns a record that blocks a task into a dead letter
//
//   --from <latest|earliest>   where tail begins, by default latest
import { type Topic, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { deadLetter, submitted } from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import { inputsOf, type Task } from '#kit/define-task.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { connectInstance, type InstanceClient } from '../local/knative/control/instance-client.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { readinessOf } from '../local/knative/control/readiness.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const { positionals, values } = parseCommand({ from: { type: 'string', default: 'latest' } }, 4)
const [command, topic, ...position] = positionals
const surplus = positionals[{ tail: 2, lag: 1 }[command ?? ''] ?? 4]
if (surplus !== undefined) throw new UsageError(`Expected no more arguments, found "${surplus}"`)
if (!['latest', 'earliest'].includes(values.from)) {
  throw new UsageError(`Expected --from latest or earliest, found "${values.from}"`)
}
if (command === 'tail') await tail(topicOf(topic))
else if (command === undefined) await showFlow()
else if (command === 'lag') await lag()
else if (command === 'skip') await skip(topicOf(topic), position)
else {
  const expected = 'Expected tail <topic>, lag, skip <topic> <partition> <offset> or nothing'
  throw new UsageError(`${expected}, found "${command}"`)
}

async function showFlow(): Promise<void> {
  console.log('POST /forms/<form>'.padEnd(20), '─► forms.submitted')
  for (const [topic, { name, emits }] of inFlowOrder(await findTasks())) {
    const output = emits[0] ? `${name.padEnd(14)} ─► ${emits[0].topic.name}` : name
    console.log(`${topic.padEnd(20)} ─► ${output}`)
    for (const event of emits) console.log(`${' '.repeat(42)}${event.type}: ${event.summary}`)
  }
}

/** The number of unhandled events of each task, with what the task reports: how many rows wait, since when, and why. */
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

/** Each topic with each task that reads it; a topic follows the tasks that write to it. Dead letters come last. */
function inFlowOrder(tasks: Task[]): [topic: string, task: Task][] {
  const topics = new Set([submitted])
  // The set grows while it is read.
  for (const topic of topics) {
    for (const { emits } of readersOf(topic, tasks))
      for (const event of emits) topics.add(event.topic)
  }
  topics.add(deadLetter)
  return [...topics].flatMap((topic) =>
    readersOf(topic, tasks).map((task): [string, Task] => [topic.name, task]),
  )
}

function readersOf(topic: Topic, tasks: Task[]): Task[] {
  return tasks.filter((task) => inputsOf(task).includes(topic))
}

async function connect(): Promise<InstanceClient> {
  return connectInstance(await findInstance(readConfig(Environment, process.env).DATA_DIR))
}

function topicOf(name = ''): string {
  const topics = topicsOf(declared).map((one) => one.name)
  if (topics.includes(name)) return name
  throw new UsageError(`Expected one of the topics ${topics.join(', ')}, found "${name}"`)
}

async function tail(topic: string): Promise<void> {
  const instance = await connect()
  for await (const line of instance.watch(topic, values)) console.log(line)
}

async function skip(topic: string, position: string[]): Promise<void> {
  const [partition = '', offset = ''] = position
  if (position.length !== 2 || !position.every((number) => /^\d+$/.test(number))) {
    throw new UsageError(`Expected a partition and an offset, found "${position.join(' ')}"`)
  }
  const outcomes = await (await connect()).skip(topic, partition, offset)
  for (const { task, problem } of outcomes) {
    console.log(`${task.padEnd(14)} ${problem ?? 'skipped; it is a dead letter'}`)
  }
  if (outcomes.every(({ problem }) => problem)) process.exitCode = 1
}
