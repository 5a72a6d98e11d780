// `npm run load -- --users 1000 --requests 5`: the load generator. Sends, then counts what arrived in the sheet.
import './exit-on-error.ts'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { readConfig } from '#kit/config.ts'
import { findInstance } from '../local/knative/instance.ts'
import { readRows, waitForRows } from './load/sheet.ts'
import { student } from './load/students.ts'
import { percentile, submitAll } from './load/submit.ts'
import { Environment } from './start/environment.ts'

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100' },
    requests: { type: 'string', default: '10' },
  },
})
const users = Number(values.users)
const requests = Number(values.requests)
if (!(users > 0 && requests > 0))
  throw new Error('Expected --users and --requests to be positive numbers')

const { DATA_DIR } = readConfig(Environment, process.env)
const { endpoint, sheets } = await findInstance(DATA_DIR)
const total = users * requests

const sending = new SingleBar({ format: '  sending   {bar} {value}/{total}', hideCursor: true })
sending.start(total, 0)
const result = await submitAll({
  url: `${endpoint}/forms/student-data`,
  users,
  requests,
  answers: student,
  onAnswer: () => sending.increment(),
})
sending.stop()
const ms = (share: number) => `${percentile(result.latencies, share).toFixed(0)} ms`
console.log(
  `  sent ${result.sent} in ${result.seconds.toFixed(2)} s, ${(result.sent / result.seconds).toFixed(0)}/s`,
)
console.log(
  `  status ${Object.entries(result.statuses)
    .map((entry) => entry.join(': '))
    .join(', ')}`,
)
console.log(`  latency p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, max ${ms(1)}`)

if (!sheets) {
  console.log('  The rows are in Google Sheets: they are counted only with the emulator.')
  process.exit()
}
const recording = new SingleBar({ format: '  in sheet  {bar} {value}/{total}', hideCursor: true })
recording.start(result.acknowledged.length, 0)
const read = async () => (await readRows(sheets, 'student-data', 'Responses')).map((row) => row.id)
const counted = await waitForRows(read, result.acknowledged, 30_000, ({ missing }) =>
  recording.update(result.acknowledged.length - missing),
)
recording.update(result.acknowledged.length - counted.missing)
recording.stop()
console.log(
  `  sent ${result.sent}, acknowledged ${result.acknowledged.length}, rows in the sheet ${counted.rows} ` +
    `(all loads), missing ${counted.missing}, duplicate ${counted.duplicate}`,
)
process.exitCode = counted.missing + counted.duplicate > 0 ? 1 : 0
