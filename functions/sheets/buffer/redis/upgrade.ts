// Upgrades what an earlier version left in Redis: tabs known by several spellings, and entries that are not sorted by tab.
import type { Redis } from 'ioredis'
import type { RedisConnection } from '#kit/redis/connection.ts'
import { foldTitle, type Target } from '../../target.ts'
import * as scripts from './scripts.ts'

/** Set once all ledgers have given their tabs their titles. */
const doneKey = 'formstream:titled'
const ledgerKey = /^(formstream:\{[^}]*\}):tab:(.*)$/s

/** A tab keeps the spelling that its rows are recorded under: under another one, a redelivery would write them again. */
export async function takeOverTitles(redis: RedisConnection): Promise<void> {
  if (await redis.ask((client) => client.exists(doneKey))) return
  const keys = await redis.ask(ledgerKeys)
  await redis.write((client) => {
    const titles = keys.map((key) => {
      const [, base, tab = ''] = ledgerKey.exec(key) ?? []
      return client.hsetnx(`${base}:titles`, foldTitle(tab), tab)
    })
    return Promise.all([...titles, client.set(doneKey, '1')])
  })
}

/** If a tab has two ledgers, the one with more rows comes first. */
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

/** Sorts the waiting entries of these tabs, which were stored by spreadsheet alone. */
export async function sortByTab(redis: RedisConnection, tabs: Target[]): Promise<void> {
  await redis.write((client) =>
    Promise.all(
      tabs.map(({ spreadsheet, tab }) =>
        client.eval(
          scripts.sortWaiting,
          ...[1, `formstream:{${spreadsheet}}`, spreadsheet, tab, foldTitle(tab)],
        ),
      ),
    ),
  )
}
