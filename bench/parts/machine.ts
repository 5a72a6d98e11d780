// The machine that a bench ran on. On a shared one the same work may take several times the CPU time of an hour ago, so each result
// also says how long a fixed piece of work took.
import { createHash } from 'node:crypto'
import { cpus } from 'node:os'
import { student } from '../../scripts/load/students.ts'

const answers = student(1)
const times = 20_000

/** CPU time to write, hash and read one JSON object, in microseconds. */
export function referenceWork(): number {
  const { user, system } = process.cpuUsage()
  for (let n = 0; n < times; n++) {
    const text = JSON.stringify({ ...answers, n })
    createHash('sha256').update(text).digest('hex')
    JSON.parse(text)
  }
  const used = process.cpuUsage({ user, system })
  return Math.round((10 * (used.user + used.system)) / times) / 10
}

export const describeMachine = () => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
})
