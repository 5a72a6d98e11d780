// Sends submissions to a running `npm start`, then counts what arrived in the sheet.
//
//   npm run load [-- options]
//
//   --users <n>      users that send at the same time, by default 100
//   --requests <n>   submissions of each user, one after the other, by default 10
import { SingleBar } from 'cli-progress'
import { readConfig } from '#kit/config.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { readRows, waitForRows } from './load/sheet.ts'
import { student } from './load/students.ts'
import { type LoadResult, percentile, submitAll } from './load/submit.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const { values } = parseCommand({
  users: { type: 'string', default: '100' },
  requests: { type: 'string', default: '10' },
})
const users = Number(values.users)
const requests = Number(values.requests)
if (!(users > 0 && requests > 0)) {
  throw new UsageError(
    `Expected --users and --requests to be numbers above 0, found "${values.users}" and "${values.requests}"`,
  )
}

const { endpoint, sheets } = await findInstance(readConfig(Environment, process.env).DATA_DIR)
const result = await send(`${endpoint}/forms/student-data`)
printResult(result)
if (sheets) await countRows(sheets, result)
else console.log('  The rows are in Google Sheets; only rows in the emulator are counted.')

async function send(url: string): Promise<LoadResult> {
  const bar = new SingleBar({ format: '  sending   {bar} {value}/{total}', hideCursor: true })
  bar.start(users * requests, 0)
  const onAnswer = () => bar.increment()
  const result = await submitAll({ url, users, requests, answers: student, onAnswer })
  bar.stop()
  return result
}

function printResult({ sent, seconds, statuses, latencies }: LoadResult): void {
  const ms = (share: number) => `${percentile(latencies, share).toFixed(0)} ms`
  const counts = Object.entries(statuses).map((entry) => entry.join(': '))
  console.log(`  sent ${sent} in ${seconds.toFixed(2)} s, ${(sent / seconds).toFixed(0)}/s`)
  console.log(`  status ${counts.join(', ')}`)
  console.log(`  latency p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, max ${ms(1)}`)
}

async function countRows(sheets: string, { sent, acknowledged }: LoadResult): Promise<void> {
  const bar = new SingleBar({ format: '  in sheet  {bar} {value}/{total}', hideCursor: true })
  bar.start(acknowledged.length, 0)
  const readIds = async () =>
    (await readRows(sheets, 'student-data', 'Responses')).map((row) => row.id)
  const counted = await waitForRows(readIds, acknowledged, 30_000, ({ missing }) =>
    bar.update(acknowledged.length - missing),
  )
  bar.update(acknowledged.length - counted.missing)
  bar.stop()
  console.log(
    `  sent ${sent}, acknowledged ${acknowledged.length}, rows in the sheet ${counted.rows} ` +
      `(all loads), missing ${counted.missing}, duplicate ${counted.duplicate}`,
  )
  process.exitCode = counted.missing + counted.duplicate > 0 ? 1 : 0
}
