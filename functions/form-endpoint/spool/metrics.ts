// Prometheus metrics of the endpoint's spool.
import { stat } from 'node:fs/promises'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { SpoolStatus } from '#kafka/log/spool/spooling-log.ts'
import type { EndpointLog } from './open-with-spool.ts'

const states: SpoolStatus['breaker'][] = ['closed', 'open', 'half-open']

export function spoolMetrics(registry: Registry, spool: NonNullable<EndpointLog['spool']>): void {
  const registers = [registry]

  function addGauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  }

  function addCounter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }

  addCounter(
    'formstream_spooled_total',
    'Submissions that the spool took since it was made, over all starts',
    () => spool.status().spooled,
  )
  addCounter(
    'formstream_spool_forwarded_total',
    'Submissions that the spool forwarded since it was made, over all starts',
    () => spool.status().forwarded,
  )
  addGauge('formstream_spool_waiting', 'Submissions that wait in the spool', () => {
    return spool.status().waiting
  })
  addGauge(
    'formstream_spool_set_aside',
    'Submissions that stay in the spool because the log refused them as too large',
    () => spool.status().setAside,
  )
  addGauge(
    'formstream_spool_bytes',
    'Size of the files of the spool; they do not shrink, their space is used again',
    () => sizeOf(spool.file),
  )
  new Gauge({
    name: 'formstream_spool_breaker',
    help: '1 for the present state of the breaker before the log, 0 for the others',
    labelNames: ['state'],
    registers,
    collect() {
      const { breaker } = spool.status()
      for (const state of states) this.set({ state }, state === breaker ? 1 : 0)
    },
  })
}

/** With the write-ahead log of SQLite. */
async function sizeOf(file: string): Promise<number> {
  const sizes = [file, `${file}-wal`].map((path) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size)
}
