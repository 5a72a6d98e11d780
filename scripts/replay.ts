// `npm run replay -- [--task T] [--dry-run]`: sends dead letters back to the task that failed, ids kept.
import './say-errors.ts'
import { parseArgs } from 'node:util'
import { readConfig } from '#kit/config.ts'
import { Environment } from './environment.ts'
import { findInstance } from './instance.ts'
import { readLines } from './lines.ts'

const { values } = parseArgs({
  options: { task: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
})
const { control } = await findInstance(readConfig(Environment, process.env).DATA_DIR)
const query = new URLSearchParams({ dryRun: String(values['dry-run']) })
if (values.task) query.set('task', values.task)

const counts: Record<string, number> = {}
for await (const line of readLines(`${control}/replay?${query}`, { method: 'POST' })) {
  const letter: { error?: string; result: string; task: string; id: string; reason: string } =
    JSON.parse(line)
  if (letter.error) throw new Error(letter.error)
  counts[letter.result] = (counts[letter.result] ?? 0) + 1
  console.log(
    `${letter.result.padEnd(17)} ${letter.task.padEnd(12)} ${letter.id}  (${letter.reason})`,
  )
}
console.log(
  Object.entries(counts)
    .map((entry) => entry.reverse().join(' '))
    .join(', ') || 'No dead letters',
)
