// A process that has effects at an HTTP server until all are done: `node having-effects.ts <folder or redis URL> <server> <policy> <count>`.
// It sends the metric as it grows, and exits with 0 at the end.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { effectsOf } from '#kit/effects/effects.ts'
import type { UnknownPolicy } from '#kit/effects/port.ts'
import { RedisEffects } from '#kit/effects/redis/store.ts'
import { SqliteEffects } from '#kit/effects/sqlite/store.ts'
import { RetryLater } from '#kit/errors.ts'
import { parseRedisUrl, type RedisServer } from '#kit/redis/settings.ts'

const [where = '', server = '', policy = '', count = ''] = process.argv.slice(2)
const keepTime = 86_400_000
process.on('disconnect', () => process.exit())
const store = where.startsWith('redis:')
  ? await RedisEffects.open(
      { server: parseRedisUrl(where) as RedisServer },
      { task: 'crash', keepTime },
    )
  : new SqliteEffects(join(where, 'effects.sqlite'), keepTime)
const ledger = {
  store,
  policy: policy as UnknownPolicy,
  onUnknown: () => {},
  log: pino({ level: 'silent' }),
}

/** As a source would: delivers again until the delivery succeeds. */
async function deliver(submission: string): Promise<void> {
  const effects = effectsOf(ledger, submission)
  for (;;) {
    try {
      const outcome = await effects.run('post', async ({ signal }) => {
        const { status } = await fetch(`${server}/${submission}`, { method: 'POST', signal })
        if (status === 503) throw new RetryLater('The server is busy')
        return status
      })
      return void process.send?.({ submission, ...outcome })
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error
      await delay(10)
    }
  }
}

const atOnce = 8
const waiting = Array.from({ length: Number(count) }, (_, n) => `s-${n}`)
async function deliverNext(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await deliver(next)
}
await Promise.all(Array.from({ length: atOnce }, deliverNext))
await store.close()
process.disconnect()
