// `npm run size -- --submissions-per-second 100 --task-ms 50`: what a load needs on a cluster, and where each number comes from.
import './exit-on-error.ts'
import { parseArgs } from 'node:util'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { endpointFacts, taskFacts } from '../knative/generate/facts.ts'
import { student } from './load/students.ts'
import { boundLines } from './size/bound-lines.ts'
import { options, readInput } from './size/input.ts'
import { kafkaLines } from './size/kafka-lines.ts'
import { scaleLines } from './size/lines.ts'
import { readMeasured } from './size/measured.ts'
import { planFor } from './size/plan.ts'
import { toText } from './size/print.ts'

const { values } = parseArgs({ options })
const example = Buffer.byteLength(JSON.stringify(student(1)))
const input = readInput(values as Record<string, string | undefined>, example)
const tasks = await findTasks()
const facts = [endpointFacts(), ...tasks.map(taskFacts)].map((one) => [one.name, one] as const)
const measured = await readMeasured()
const topics = topicsOf(declared)
const plan = planFor({ input, tasks, topics, facts: Object.fromEntries(facts), measured })
console.log(
  `${input.submissionsPerSecond} submissions/s at the peak, ${input.peakHours} hours a day of it; ` +
    `${input.taskMs} ms a task; ${input.submissionBytes} bytes of answers\n`,
)
console.log(toText([...scaleLines(plan), ...kafkaLines(plan), ...boundLines(plan, measured)]))
