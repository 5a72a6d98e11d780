// The buffer in one Redis server: the suite of every adapter, and what is its own.
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { RedisBuffer } from '../../functions/sheets/buffer/redis/buffer.ts'
import type { RedisConfig } from '../../functions/sheets/buffer/redis/connection.ts'
import { type Loss, parseRedisUrl } from '../../functions/sheets/buffer/redis/settings.ts'
import type { Entry } from '../../functions/sheets/row.ts'
import { until } from '../until.ts'
import { bufferConformance } from './buffer-conformance.ts'
import { at, begin, entriesOf, entry, lookedInto, record, shown, tabOf } from './buffer-entries.ts'
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

  describe('as every buffer', () => {
    bufferConformance({
      open: async () => {
        await ask(port(), ['del', 'formstream:calls:read', 'formstream:calls:write'])
        return open()
      },
      second: open,
    })
  })

  test('all keys of a spreadsheet carry its name', async () => {
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

  /** As an earlier version kept it: by spreadsheet alone. */
  async function addWaiting(sheet: string, entries: Entry[]): Promise<void> {
    const key = `formstream:{${sheet}}`
    for (const one of entries) {
      await ask(port(), ['zadd', `${key}:pending`, String(Date.parse(one.time)), one.id])
      await ask(port(), ['hset', `${key}:entries`, one.id, JSON.stringify(one)])
    }
    await ask(port(), ['sadd', 'formstream:spreadsheets', sheet])
  }

  test('what an earlier version left waiting, by spreadsheet alone, waits for its tab, whatever case its title has', async () => {
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

  test('a tab is known by the title that an earlier version recorded rows under, so that none is written again', async () => {
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    const before = await open()
    await record(await lookedInto(before, sheet, 'ä'), ['a', 'b'])
    await record(await lookedInto(before, sheet, 'Ä'), ['other'])
    await before.close()
    // It kept no titles.
    await ask(port(), ['del', `formstream:{${sheet}}:titles`, 'formstream:titled'])
    await addWaiting(sheet, [entry('c', 1, 'Ä')])
    const buffer = await open()
    await buffer.add(sheet, [entry('a', 0, 'Ä'), entry('d', 2, 'Ä')])
    await buffer.waiting()
    const due = await buffer.due(tabOf(sheet, 'Ä'), at(9), 9)
    expect(due.map(({ id, tab }) => `${id} ${tab}`)).toEqual(['c ä', 'd ä'])
    expect(await shown(await buffer.ledger(sheet, 'Ä'), ['a', 'b', 'c'])).toEqual(['a 2', 'b 3'])
    await buffer.close()
  })

  test('rows that another instance moved meanwhile are given no row where they waited', async () => {
    const [buffer, other] = [await open(), await open()]
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    await buffer.add(sheet, [entry('a'), entry('b')])
    const ledger = await lookedInto(buffer, sheet)
    await other.move(tabOf(sheet), tabOf(sheet, 'Other'), ['b'])
    await expect(begin(ledger, ['a', 'b'])).rejects.toThrow(/moved rows to another tab/)
    expect(await record(ledger, ['a'])).toEqual(new Map([['a', 2]]))
    await Promise.all([buffer.close(), other.close()])
  })

  test('a server that is away is RetryLater and a problem; what was added is there when it is back', async () => {
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

  test('killed under load, one server has all that it acknowledged', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const entry = entriesOf(sheet)
    const added = new Set<string>()
    const rows = new Map<string, number>()
    let ledger = await lookedInto(buffer, sheet)
    for (let kills = 0; kills < 5; kills++) {
      let n = 0
      const lane = async () => {
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
      const lanes = Promise.allSettled([flusher(), ...Array.from({ length: 20 }, lane)])
      await until(() => n > 300)
      await setup.servers[0]?.kill()
      for (const ended of await lanes)
        expect(ended).toMatchObject({ reason: { name: 'RetryLater' } })
      await setup.servers[0]?.start()
      await until(() => buffer.problem() === undefined)
      ledger = await lookedInto(buffer, sheet)
      const { batch } = await ledger.read([])
      if (batch) await ledger.end(batch, new Map())
    }
    const there = await buffer.due(tabOf(sheet), at(1e9), 1e5)
    const missing = [...added].filter((id) => !there.some((entry) => entry.id === id))
    const { rows: places } = await ledger.read([...rows.keys()])
    const changed = [...rows].filter(([id, row]) => places.get(id)?.row !== row)
    const counts = { missing: missing.length, changed: changed.length }
    console.log(`kills: 5, added: ${added.size}, rows: ${rows.size}, ${JSON.stringify(counts)}`)
    expect(rows.size).toBeGreaterThan(5)
    expect(counts).toEqual({ missing: 0, changed: 0 })
    await buffer.close()
  })

  test('a server that was started again has to be looked into', async () => {
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
    expect(await shown(ledger, ['a', 'z'])).toEqual(['a 6', 'z 5'])
    await buffer.close()
  })

  test('what was read while another server led is not taken over', async () => {
    const buffer = await open()
    const ledger = await buffer.ledger(randomUUID(), 'Responses')
    await setup.servers[0]?.kill()
    await setup.servers[0]?.start()
    await until(() => buffer.problem() === undefined)
    const looked = ledger.trust(1, new Map())
    await expect(looked).rejects.toMatchObject({ name: 'RetryLater' })
    expect(ledger.suspect).toBe(true)
    await ledger.trust(1, new Map())
    expect(ledger.suspect).toBe(false)
    await buffer.close()
  })

  test('of several parts all are looked into before rows are written', async () => {
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
    expect(await shown(ledger, ['a', 'b', 'd'])).toEqual(['a 9', 'b 2:9', 'd 3:5'])
    await buffer.close()
  })

  test('rows that an earlier version gave are known', async () => {
    const buffer = await open()
    const sheet = randomUUID()
    const ledger = await lookedInto(buffer, sheet)
    // As it kept them: the digest of the id, and a section and a row as one number.
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
    expect(await shown(ledger, ['old'])).toEqual(['old 7'])
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

  test('settings that become too weak stop the buffer at the next connection, until they are repaired', async () => {
    const buffer = await open()
    await set('appendfsync', 'no')
    await ask(port(), ['client', 'kill', 'type', 'normal'])
    await until(() => /appendfsync/.test(buffer.problem() ?? ''))
    await expect(buffer.add('s', [entry('a')])).rejects.toMatchObject({ name: 'RetryLater' })
    await set('appendfsync', 'always')
    await until(() => buffer.problem() === undefined)
    await buffer.close()
  })

  test('where settings cannot be read, that must be accepted by name', async () => {
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

  test('a wrong password is said at once, without the password', async () => {
    await ask(port(), ['acl', 'setuser', 'ann', 'on', '>right', '~*', '&*', '+@all'])
    const url = setup.url.replace('//', '//ann:wrong@')
    const error = await RedisBuffer.open(config(url)).catch((error: Error) => error)
    expect(String(error)).toMatch(/WRONGPASS/)
    expect(String(error)).not.toMatch(/wrong@|:wrong/)
  })
})
