// The local source: from the embedded log to a function that does nothing, on the kit's server and on two peers.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqliteLog } from '#kafka/log/sqlite/log.ts'
import type { FunctionProcess } from '../local/knative/function-process.ts'
import { measureCpu } from './parts/cpu.ts'
import { appendMany, deliver, makeFunction, openLog } from './parts/log-to-function.ts'
import { type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const events = 10_000
const functions = {
  kit: makeFunction({ name: 'kit' }),
  'faas-js-runtime': makeFunction({ name: 'faas', server: 'faas-server.ts' }),
  'node:http': makeFunction({ name: 'bare', server: 'bare-server.ts' }),
}

export default async function delivery(): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await openLog(folder)
  await appendMany(log, events, { prefix: 'e' })
  // Starts the processes and compiles their code.
  for (const [name, to] of Object.entries(functions)) {
    await deliver(log, to, { task: `warm-up-${name}`, count: events })
  }
  const cases = Object.entries(functions).map(
    ([name, to]) => [name, () => measure(log, name, to)] as const,
  )
  const rounds = await alternate(Object.fromEntries(cases))
  await Promise.all(Object.values(functions).map((to) => to.stop()))
  await log.close()
  await rm(folder, { recursive: true })
  return summarise('event', rounds, [])
}

async function measure(log: SqliteLog, name: string, to: FunctionProcess): Promise<Round> {
  const cpu = await measureCpu({ source: process.pid, function: (await to.pid) as number })
  // A new group begins with the first event.
  const task = `${name}-${performance.now()}`
  const seconds = await deliver(log, to, { task, count: events })
  return { figures: { perSecond: events / seconds }, cpu: await cpu(events) }
}
