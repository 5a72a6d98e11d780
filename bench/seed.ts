// The load of the seed system's own claim on a whole `npm start`: 1,000 users with 5 requests each.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRows, waitForRows } from '../scripts/load/sheet.ts'
import { student } from '../scripts/load/students.ts'
import { percentile, submitAll } from '../scripts/load/submit.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { measureCpu } from './parts/cpu.ts'
import { allHandled, formOf, submitAtOnce } from './parts/instance-load.ts'
import { processTree } from './parts/process-tree.ts'
import { figure, type Result, type Round, summarise, totalCpu } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const [users, requests] = [1000, 5]
const total = users * requests

export default async function seed(): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder)
  await submitAtOnce(instance, 2000)
  const rounds = await alternate({ '1,000 × 5': () => measure(instance) })
  await instance.stop()
  await rm(folder, { recursive: true })
  const none = { of: '1,000 × 5', atMost: 0, before: '0' }
  return summarise('submission', rounds, [
    { ...none, what: '1,000 users × 5 requests, errors', number: figure('failed') },
    { ...none, what: 'the same, submissions without a row', number: figure('missing') },
    { ...none, what: 'the same, doubled rows', number: figure('duplicate') },
  ])
}

async function measure(instance: Running): Promise<Round> {
  const used = await measureCpu({ ...(await processTree(instance.pid)), load: process.pid })
  const began = performance.now()
  const { acknowledged, latencies } = await submitAll({
    url: formOf(instance),
    users,
    requests,
    answers: student,
  })
  const perSecond = total / ((performance.now() - began) / 1000)
  await allHandled(instance)
  const cpu = await used(total)
  const { missing, duplicate } = await waitForRows(() => idsIn(instance), acknowledged, 30_000)
  const mean = latencies.reduce((sum, took) => sum + took, 0) / latencies.length
  const p99 = percentile(latencies, 0.99)
  const failed = total - acknowledged.length
  return { figures: { perSecond, mean, p99, failed, missing, duplicate, cpu: totalCpu(cpu) }, cpu }
}

async function idsIn({ sheets }: Running): Promise<(string | undefined)[]> {
  const rows = await readRows(sheets as string, 'student-data', 'Responses')
  return rows.map(({ id }) => id)
}
