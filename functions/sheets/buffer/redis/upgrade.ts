// What an earlier version left in Redis: tabs that are not known by one title yet, and rows that are not sorted by tab.
import type { Redis } from 'ioredis'
import { folded, type Target } from '../../target.ts'
import type { RedisConnection } from './connection.ts'
import * as scripts from './scripts.ts'

/** Is there once all ledgers have given their tabs their titles. */
const done = 'formstream:titled'
const ledgerKey = /^(formstream:\{[^}]*\}):tab:(.*)$/s

/** A tab keeps the title that its rows are recorded under: under another one, a redelivery would write them again. */
export async function keepTitles(redis: RedisConnection): Promise<void> {
  if (await redis.ask((client) => client.exists(done))) return
  const keys = await redis.ask(ledgerKeys)
  await redis.write((client) => {
    const kept = keys.map((key) => {
      const [, base, tab = ''] = ledgerKey.exec(key) ?? []
      return client.hsetnx(`${base}:titles`, folded(tab), tab)
    })
    return Promise.all([...kept, client.set(done, '1')])
  })
}

/** Of a tab that has two of them, the one with more rows first. */
async function ledgerKeys(client: Redis): Promise<string[]> {
  const keys = new Set<string>()
  for await (const some of client.scanStream({ match: 'formstream:{*}:tab:*', count: 1000 }))
    for (const key of some as string[]) keys.add(key)
  const sizes = [...keys].map(async (key) => {
    const [part, next] = await client.hmget(key, 'part', 'next:1')
    return { key, part: Number(part ?? 1), next: Number(next ?? 0) }
  })
  const found = await Promise.all(sizes)
  return found.toSorted((a, b) => b.part - a.part || b.next - a.next).map(({ key }) => key)
}

/** The rows of these tabs wait by spreadsheet alone: from now on by tab. */
export async function sortWaiting(redis: RedisConnection, tabs: Target[]): Promise<void> {
  await redis.write((client) =>
    Promise.all(
      tabs.map(({ spreadsheet, tab }) =>
        client.eval(scripts.sort, 1, `formstream:{${spreadsheet}}`, spreadsheet, tab, folded(tab)),
      ),
    ),
  )
}
