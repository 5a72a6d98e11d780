// The row buffer in one Redis server: the suite of all adapters, and keys, restarts and settings, which only it has.
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RedisConfig } from '../../functions/kit/redis/connection.ts'
import { type Loss, parseRedisUrl } from '../../functions/kit/redis/settings.ts'
import { RedisBuffer } from '../../functions/sheets/buffer/redis/buffer.ts'
import type { Entry } from '../../functions/sheets/row.ts'
import { until } from '../until.ts'
import { bufferConformance } from './buffer-conformance.ts'
import {
  at,
  begin,
  entriesOf,
  entry,
  formatRows,
  record,
  tabOf,
  trustedLedger,
} from './buffer-entries.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from './redis.ts'

const config = (url: string, more: Partial<RedisConfig> = {}): RedisConfig => {
  const server = parseRedisUrl(url)
  if (typeof server === 'string') throw new Error(server)
  return { server, ...more }
}

const whereInstalled = redisInstalled ? describe : describe.skip

whereInstalled('with one server', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  })
  afterAll(() => setup.stop())

  const open = (more?: Partial<RedisConfig>) => RedisBuffer.open(config(setup.url, more))
  const port = () => setup.servers[0]?.port as number

  describe('conformance of the Redis buffer', () => {
    bufferConformance({
      open: async () => {
        await ask(port(), ['del', 'formstream:calls:read', 'formstream:calls:write'])
        return open()
      },
      second: open,
    })
  })

  test('all keys of a spreadsheet contain its id', async () => {
    await ask(port(), ['flushall'])
    const buffer = await open()
    await buffer.add('abc', [entry('a'), entry('b')])
    const ledger = await buffer.ledger('abc', 'Responses')
    await ledger.trust(1, new Map([['a', 2]]))
    await begin(ledger, ['b'])
    await buffer.lease(tabOf('abc'), 60_000)
    const keys = ((await ask(port(), ['keys', '*'])) as string[]).filter(
      (key) => !key.startsWith('formstream:{abc}:'),
    )
    expect(keys.toSorted()).toEqual([
      'formstream:places:demo',
      'formstream:spreadsheets',
      'formstream:titled',
    ])
    await buffer.remove('abc', ['a', 'b'])
    expect(await ask(port(), ['exists', 'formstream:spreadsheets'])).toBe(0)
    await buffer.close()
  })

  /** Adds entries as an earlier version did, which did not separate tabs. */
  async function addWaiting(sheet: string, entries: Entry[]): Promise<void> {
    const key = `formstream:{${sheet}}`
    for (const one of entries) {
      await ask(port(), ['zadd', `${key}:pending`, String(Date.parse(one.time)), one.id])
      await ask(port(), ['hset', `${key}:entries`, one.id, JSON.stringify(one)])
    }
    await ask(port(), ['sadd', 'formstream:spreadsheets', sheet])
  }

  test('entries of an earlier version are separated by tab; case is ignored in titles', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const titles = ['Ä b', 'ä B', 'ä b']
    const old = titles.map((tab, n) => entriesOf(sheet)(`${n}`, n, tab))
    await addWaiting(sheet, old)
    const waits = (await buffer.waiting()).filter(({ spreadsheet }) => spreadsheet === sheet)
    const [title = ''] = titles
    expect(waits).toEqual([{ ...tabOf(sheet, title), rows: 3, oldest: at(0) }])
    for (const tab of titles)
      expect(await buffer.due(tabOf(sheet, tab), at(9), 9)).toEqual(
        old.map((one) => ({ ...one, tab: title })),
      )
    await buffer.close()
  })

  test('rows that an earlier version recorded under a title of other case are not written again', async () => {
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    const before = await open()
    await record(await trustedLedger(before, sheet, 'ä'), ['a', 'b'])
    await record(await trustedLedger(before, sheet, 'Ä'), ['other'])
    await before.close()
    // An earlier version stored no titles.
    await ask(port(), ['del', `formstream:{${sheet}}:titles`, 'formstream:titled'])
    await addWaiting(sheet, [entry('c', 1, 'Ä')])
    const buffer = await open()
    await buffer.add(sheet, [entry('a', 0, 'Ä'), entry('d', 2, 'Ä')])
    await buffer.waiting()
    const due = await buffer.due(tabOf(sheet, 'Ä'), at(9), 9)
    expect(due.map(({ id, tab }) => `${id} ${tab}`)).toEqual(['c ä', 'd ä'])
    expect(await formatRows(await buffer.ledger(sheet, 'Ä'), ['a', 'b', 'c'])).toEqual([
      'a 2',
      'b 3',
    ])
    await buffer.close()
  })

  test('entries that another instance moved get no row in their former tab', async () => {
    const [buffer, other] = [await open(), await open()]
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    await buffer.add(sheet, [entry('a'), entry('b')])
    const ledger = await trustedLedger(buffer, sheet)
    await other.move(tabOf(sheet), tabOf(sheet, 'Other'), ['b'])
    await expect(begin(ledger, ['a', 'b'])).rejects.toThrow(/moved rows to another tab/)
    expect(await record(ledger, ['a'])).toEqual(new Map([['a', 2]]))
    await Promise.all([buffer.close(), other.close()])
  })

  test('while the server is down, calls throw RetryLater and a problem is reported; entries are kept', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    await buffer.add(sheet, [entry('a')])
    await setup.servers[0]?.kill()
    await expect(buffer.add(sheet, [entry('b')])).rejects.toMatchObject({ name: 'RetryLater' })
    await until(() => buffer.problem() !== undefined)
    expect(buffer.problem()).toMatch(/cannot be reached/)
    await expect(buffer.takeCall('read', 5)).rejects.toMatchObject({ name: 'RetryLater' })
    await setup.servers[0]?.start()
    await until(() => buffer.problem() === undefined)
    await buffer.add(sheet, [entry('c')])
    const ids = (await buffer.due(tabOf(sheet), '2027-01-01T00:00:00.000Z', 9)).map(({ id }) => id)
    expect(ids.filter((id) => id !== 'b')).toEqual(['a', 'c'])
    await buffer.close()
  })

  test('a server killed under load has all acknowledged entries and rows', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    const added = new Set<string>()
    const rows = new Map<string, number>()
    let ledger = await trustedLedger(buffer, sheet)
    for (let kills = 0; kills < 5; kills++) {
      let n = 0
      const adder = async () => {
        for (;;) {
          const id = `${kills}-${n++}`
          await buffer.add(sheet, [entry(id, n)])
          added.add(id)
        }
      }
      const flusher = async () => {
        for (let batch = 0; ; batch++)
          for (const [id, row] of await record(ledger, [`${kills}-row-${batch}`])) rows.set(id, row)
      }
      const writers = Promise.allSettled([flusher(), ...Array.from({ length: 20 }, adder)])
      await until(() => n > 300)
      await setup.servers[0]?.kill()
      for (const ended of await writers)
        expect(ended).toMatchObject({ reason: { name: 'RetryLater' } })
      await setup.servers[0]?.start()
      await until(() => buffer.problem() === undefined)
      ledger = await trustedLedger(buffer, sheet)
      const { batch } = await ledger.read([])
      if (batch) await ledger.end(batch, new Map())
    }
    const due = await buffer.due(tabOf(sheet), at(1e9), 1e5)
    const missing = [...added].filter((id) => !due.some((entry) => entry.id === id))
    const { rows: locations } = await ledger.read([...rows.keys()])
    const changed = [...rows].filter(([id, row]) => locations.get(id)?.row !== row)
    const counts = { missing: missing.length, changed: changed.length }
    console.log(`kills: 5, added: ${added.size}, rows: ${rows.size}, ${JSON.stringify(counts)}`)
    expect(rows.size).toBeGreaterThan(5)
    expect(counts).toEqual({ missing: 0, changed: 0 })
    await buffer.close()
  })

  test('after a restart of the server the ledger is suspect until it is trusted', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const ledger = await buffer.ledger(sheet, 'Responses')
    expect(ledger.suspect).toBe(true)
    await ledger.rebuild(1, new Map())
    const batch = await begin(ledger, ['a'])
    await setup.servers[0]?.kill()
    await setup.servers[0]?.start()
    await until(() => buffer.problem() === undefined)
    const refused = { name: 'RetryLater' }
    await expect(ledger.end(batch, new Map([['a', 2]]))).rejects.toMatchObject(refused)
    expect(ledger.suspect).toBe(true)
    await expect(begin(ledger, ['b'])).rejects.toMatchObject(refused)
    await ledger.trust(1, new Map([['z', 5]]))
    expect(ledger.suspect).toBe(false)
    expect(await ledger.read(['z'])).toMatchObject({ batch })
    await ledger.end(batch, new Map([['a', 6]]))
    expect(await formatRows(ledger, ['a', 'z'])).toEqual(['a 6', 'z 5'])
    await buffer.close()
  })

  test('rows read before a restart of the server cannot make the ledger trusted', async () => {
    const buffer = await open()
    const ledger = await buffer.ledger(randomUUID(), 'Responses')
    await setup.servers[0]?.kill()
    await setup.servers[0]?.start()
    await until(() => buffer.problem() === undefined)
    const outdated = ledger.trust(1, new Map())
    await expect(outdated).rejects.toMatchObject({ name: 'RetryLater' })
    expect(ledger.suspect).toBe(true)
    await ledger.trust(1, new Map())
    expect(ledger.suspect).toBe(false)
    await buffer.close()
  })

  test('all parts must be trusted before rows are written', async () => {
    const buffer = await open()
    const ledger = await buffer.ledger(randomUUID(), 'Responses')
    await ledger.trust(3, new Map([['c', 4]]))
    expect(ledger.suspect).toBe(true)
    await ledger.trust(2, new Map([['b', 9]]))
    expect(ledger.suspect).toBe(true)
    await expect(begin(ledger, ['d'])).rejects.toMatchObject({ name: 'RetryLater' })
    await ledger.trust(1, new Map([['a', 9]]))
    expect(ledger.suspect).toBe(false)
    await record(ledger, ['d'], 3)
    expect(await formatRows(ledger, ['a', 'b', 'd'])).toEqual(['a 9', 'b 2:9', 'd 3:5'])
    await buffer.close()
  })

  test('rows that an earlier version recorded are found', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const ledger = await trustedLedger(buffer, sheet)
    // Its format: keys are digests of ids, values are section and row in one number.
    const digest = createHash('sha1').update('old').digest('hex')
    const key = `formstream:{${sheet}}`
    const tab = `${key}:tab:Responses`
    await ask(port(), [
      'hset',
      tab,
      'section:1',
      '1',
      'part of:1',
      '1',
      'sections',
      '1',
      'next:1',
      '8',
    ])
    await ask(port(), [
      'hset',
      `${key}:rows:Responses:${digest.slice(0, 3)}`,
      digest.slice(3, 23),
      String(16777216 + 7),
    ])
    expect(await formatRows(ledger, ['old'])).toEqual(['old 7'])
    expect(await ledger.read([])).toMatchObject({ part: 1, next: 8, batch: undefined })
    expect(await record(ledger, ['new'])).toEqual(new Map([['new', 8]]))
    await buffer.close()
  })

  const set = (name: string, value: string) => ask(port(), ['config', 'set', name, value])

  test.each<[string, string, Loss, RegExp]>([
    [
      'appendfsync',
      'everysec',
      'one-second',
      /expected appendfsync always, found everysec, and no replica/,
    ],
    ['appendfsync', 'no', 'unknown', /expected appendfsync always, found no/],
    ['appendonly', 'no', 'everything', /expected appendonly yes, found no/],
  ])('%s %s is refused, or accepted by name', async (name, value, loss, message) => {
    const before = ((await ask(port(), ['config', 'get', name])) as string[])[1] as string
    await set(name, value)
    await expect(open()).rejects.toThrow(message)
    await expect(open()).rejects.toThrow(`REDIS_ACCEPTED_LOSS=${loss}`)
    const accepted = await open({ accepted: loss })
    expect(accepted.problem()).toBeUndefined()
    await accepted.close()
    await set(name, before)
  })

  test('if settings become too weak, the buffer refuses calls from the next connection until they are corrected', async () => {
    const buffer = await open()
    await set('appendfsync', 'no')
    await ask(port(), ['client', 'kill', 'type', 'normal'])
    await until(() => /appendfsync/.test(buffer.problem() ?? ''))
    await expect(buffer.add('s', [entry('a')])).rejects.toMatchObject({ name: 'RetryLater' })
    await set('appendfsync', 'always')
    await until(() => buffer.problem() === undefined)
    await buffer.close()
  })

  test('a server whose settings cannot be read must be accepted explicitly', async () => {
    await ask(port(), [
      'acl',
      'setuser',
      'managed',
      'on',
      '>secret',
      '~*',
      '&*',
      '+@all',
      '-config',
    ])
    const url = setup.url.replace('//', '//managed:secret@')
    await expect(RedisBuffer.open(config(url))).rejects.toThrow(/CONFIG GET.*LOSS=unknown/)
    const buffer = await RedisBuffer.open(config(url, { accepted: 'unknown' }))
    await buffer.add(randomUUID(), [entry('a')])
    await buffer.close()
  })

  test('a wrong password fails at once, with an error that does not contain it', async () => {
    await ask(port(), ['acl', 'setuser', 'ann', 'on', '>right', '~*', '&*', '+@all'])
    const url = setup.url.replace('//', '//ann:wrong@')
    const error = await RedisBuffer.open(config(url)).catch((error: Error) => error)
    expect(String(error)).toMatch(/WRONGPASS/)
    expect(String(error)).not.toMatch(/wrong@|:wrong/)
  })
})
