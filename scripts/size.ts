// Calculates what a load needs on a cluster (replicas, partitions, brokers, disk), and where each number comes from.
//
//   npm run size -- --submissions-per-second 100 --task-ms 50 [options]
//
//   --submissions-per-second <n>   at the peak
//   --task-ms <n>                  time that a task takes for one event, ms
//   --submission-bytes <n>         size of the answers of one submission, by default that of the example form
//   --peak-hours <n>               a day's submissions as hours at the peak, by default 24
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { endpointFacts, taskFacts } from '../knative/generate/function-facts.ts'
import { student } from './load/students.ts'
import { parseCommand } from './parse-command.ts'
import { readInput } from './size/input.ts'
import { linesOf } from './size/lines.ts'
import { readMeasured } from './size/measured.ts'
import { planFor } from './size/plan.ts'
import { toText } from './size/print.ts'

const { values } = parseCommand({
  'submissions-per-second': { type: 'string' },
  'task-ms': { type: 'string' },
  'submission-bytes': { type: 'string' },
  'peak-hours': { type: 'string' },
})
const exampleBytes = Buffer.byteLength(JSON.stringify(student(1)))
const input = readInput(values, exampleBytes)
const tasks = await findClusterTasks()
const facts = [endpointFacts(), ...tasks.map(taskFacts)].map((one) => [one.name, one] as const)
const measured = await readMeasured()
const topics = topicsOf(declared)
const plan = planFor({ input, tasks, topics, facts: Object.fromEntries(facts), measured })
console.log(
  `${input.submissionsPerSecond} submissions/s at the peak, ${input.peakHours} hours a day of it; ` +
    `${input.taskMs} ms a task; ${input.submissionBytes} bytes of answers\n`,
)
console.log(toText(linesOf(plan, measured)))
