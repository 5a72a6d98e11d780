// Sends answers of the form student-data with autocannon, each connection one after the other. Started by load.ts.
import autocannon from 'autocannon'
import { student } from '../../scripts/load/students.ts'
import type { Load, LoadResult } from './load.ts'

const load = JSON.parse(process.argv[2] as string) as Load
const { url, paths, connections, seconds, amount, asForm } = load
const type = asForm ? 'application/x-www-form-urlencoded' : 'application/json'
const headers = { 'content-type': type }
const bodyOf = (answers: Record<string, string>): string =>
  asForm ? String(new URLSearchParams(answers)) : JSON.stringify(answers)
/** Each connection sends them in turn. */
const requests = Array.from({ length: Math.max(100, paths?.length ?? 0) }, (_, n) => ({
  method: 'POST' as const,
  headers,
  ...(paths && { path: paths[n % paths.length] as string }),
  body: bodyOf(student(n)),
}))
const before = process.cpuUsage()
const length = amount === undefined ? { duration: seconds ?? 5 } : { amount }
const result = await autocannon({ url, connections, requests, timeout: 60, ...length })
const { user, system } = process.cpuUsage(before)
const done = result['2xx'] + result.non2xx
process.send?.({
  perSecond: done / result.duration,
  p50: result.latency.p50,
  p99: result.latency.p99,
  mean: result.latency.mean,
  done,
  failed: result.non2xx + result.errors,
  cpu: (user + system) / done,
} satisfies LoadResult)
process.disconnect()
