// Runs one task on one event in this terminal, and prints the events that it would publish.
//
//   npm run task <name> -- --event <id|file> [options]
//
//   --event <id|file>   id of an event or a submission, or a JSON file with a CloudEvent
//   --topic <topic>     where to look for the id, by default all topics that the task reads
//   --dry               effects off: the task connects to nothing and writes no file
//   --inspect           waits for a debugger on port 9229 before the task starts
//
// It reads the log of the instance on DATA_DIR, running or not, or the cluster of KAFKA_BROKERS. Nothing is published. Without --dry, effects such as mails and rows
// are real. It exits with 0 if the task handled the event, 3 for Rejected, 4 for RetryLater, else 1.
import type { KeyedMessage } from '#kafka/binary-mode.ts'
import { type Topic, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { readConfig } from '#kit/config.ts'
import type { AnyTask } from '#kit/define-task.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { printable } from '#kit/printable.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'
import { type FoundEvent, findEvent, handledBy, isFile, readEventFile } from './task/find-event.ts'
import { withKept } from './task/kept-environment.ts'
import { openTopics } from './task/open-topics.ts'
import type { Failure, Report } from './task/report.ts'
import { runTask } from './task/run-task.ts'
import { whyNotHandled, wrongType } from './task/why-not-handled.ts'

const { positionals, values } = parseCommand(
  {
    event: { type: 'string' },
    topic: { type: 'string' },
    dry: { type: 'boolean', default: false },
    inspect: { type: 'boolean', default: false },
  },
  1,
)
const { DATA_DIR: dataDir, FORMS_DIR: formsDir } = readConfig(Environment, process.env)
const exitCodes: Record<Failure, number> = {
  Rejected: 3,
  RetryLater: 4,
  Fault: 1,
  'Not started': 1,
}
/** For people. The only lines on stdout are the events. */
const say = (text: string) => console.error(text)

const task = await taskNamed(positionals[0])
const instance = await findInstance(dataDir).catch(() => undefined)
const { event, record, place } = await find()
if (!handledBy(task, event)) throw new Error(wrongType(task, event))
const [id, type, form] = [event.id, event.type, event.form].map((text) => printable(String(text)))
say(`${task.name} on ${id} (${type}, form ${form}) of ${place}`)
say(values.dry ? 'dry: it has no effects' : 'effects are real; --dry turns them off')

let report: Exclude<Report, { avoided: string }> | undefined
const avoided = new Set<string>()
const code = await runTask({
  task,
  record,
  environment: withKept(process.env, dataDir),
  emulator: instance?.sheets,
  smtp: instance?.smtp,
  dry: values.dry,
  inspect: values.inspect,
  onEvent: show,
  onReport: (line) => {
    if ('avoided' in line) sayAvoided(line.avoided)
    else report = line
  },
})
process.exitCode = await conclude()

async function taskNamed(name = ''): Promise<AnyTask> {
  const tasks = await findTasks()
  const one = tasks.find((task) => task.name === name)
  if (one) return one
  const names = tasks.map(({ name }) => name).join(', ')
  throw new UsageError(`Expected one of the tasks ${names}, found "${name}"`)
}

async function find(): Promise<FoundEvent> {
  const { event: wanted, topic: named } = values
  if (!wanted) throw new UsageError('Expected --event with an id or a file, found none')
  const topic = named === undefined ? undefined : topicNamed(named)
  if (isFile(wanted)) return readEventFile(wanted)
  const connection = connectionOf(readConfig(KafkaEnvironment, process.env))
  const topics = openTopics({ connection, instance, dataDir })
  return findEvent(topics, { id: wanted, task, topic })
}

function topicNamed(name: string): Topic {
  const topics = topicsOf(declared)
  const one = topics.find((topic) => topic.name === name)
  if (one) return one
  const names = topics.map(({ name }) => name).join(', ')
  throw new UsageError(`Expected one of the topics ${names}, found "${name}"`)
}

/** In the JSON format of CloudEvents, so that it can be the file for the next task. */
function show(topic: string, message: KeyedMessage): void {
  const event = readRecord(message)
  say(`would publish ${event.type} to ${topic}:`)
  console.log(JSON.stringify(event, undefined, 2))
}

/** Once: tasks try again. */
function sayAvoided(what: string): void {
  if (!avoided.has(what)) say(`would ${what}`)
  avoided.add(what)
}

/** Says how it ended. Returns the exit code. */
async function conclude(): Promise<number> {
  if (!report) {
    say(`Expected ${task.name} to end the delivery, found its process ended (${code ?? 'killed'})`)
    return 1
  }
  const time = `${report.ms.toFixed(0)} ms`
  if ('failure' in report) {
    const after = report.failure === 'Not started' ? '' : ` after ${time}`
    say(`${report.failure}${after}: ${report.text}`)
    return exitCodes[report.failure]
  }
  if (report.outcome === 'done') {
    say(`done in ${time}`)
    return code === 0 ? 0 : 1
  }
  say(`${report.outcome}: ${await whyNotHandled(report.outcome, { task, event, formsDir })}`)
  return 1
}
