// What every adapter of the sheets task's buffer must do. Each adapter's own test runs this suite over it, in a `describe`.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { RowBuffer } from '../../functions/sheets/buffer/port.ts'
import {
  at,
  batchOf,
  begin,
  entriesOf,
  lookedInto,
  none,
  record,
  shown,
  tabOf,
} from './buffer-entries.ts'

export interface Adapter {
  /** Again: what was added before is there. */
  open: () => Promise<RowBuffer>
  /** Opens one beside another that is open, where the adapter can have several. */
  second?: () => Promise<RowBuffer>
}

export function bufferConformance({ open, second }: Adapter): void {
  let buffer: RowBuffer
  /** Another for each test: the adapters keep what they have. */
  let sheet: string
  let entry: ReturnType<typeof entriesOf>
  beforeEach(async () => {
    buffer = await open()
    sheet = `s-${randomUUID()}`
    entry = entriesOf(sheet)
  })
  afterEach(() => buffer.close())

  const due = async (until = 1e9, most = 100) =>
    (await buffer.due(tabOf(sheet), at(until), most)).map(({ id }) => id)
  const waits = async () =>
    (await buffer.waiting()).filter(({ spreadsheet }) => spreadsheet === sheet)
  const recorded = async (ids: string[], tab = 'Responses') =>
    record(await lookedInto(buffer, sheet, tab), ids)

  test('an entry comes out as it went in, also after a restart', async () => {
    const given = {
      ...entry('a', 5),
      cause: { ...entry('a').cause, traceparent: '00-1-2-01' },
    }
    await buffer.add(sheet, [given])
    await buffer.close()
    buffer = await open()
    expect(await buffer.due(tabOf(sheet), at(5), 10)).toEqual([given])
    expect(await waits()).toEqual([{ ...tabOf(sheet), rows: 1, oldest: at(5) }])
  })

  test('what is due comes in order of time, ties by id, up to a time and a number', async () => {
    await buffer.add(sheet, [entry('c', 2), entry('b', 1), entry('z', 0)])
    await buffer.add(sheet, [entry('a', 1), entry('Z', 1), entry('late', 9)])
    expect(await due(2)).toEqual(['z', 'Z', 'a', 'b', 'c'])
    expect(await due(2, 2)).toEqual(['z', 'Z'])
    expect(await due(-1)).toEqual([])
  })

  test('a repeat changes nothing while it waits, and nothing once it is recorded', async () => {
    await buffer.add(sheet, [entry('a', 1)])
    await Promise.all([buffer.add(sheet, [entry('a', 2)]), buffer.add(sheet, [entry('a', 3)])])
    expect((await buffer.due(tabOf(sheet), at(9), 9)).map(({ time }) => time)).toEqual([at(1)])
    await recorded(['a'])
    await buffer.remove(sheet, ['a'])
    expect(await waits()).toEqual([])
    await buffer.add(sheet, [entry('a', 1), entry('b', 2)])
    expect(await due()).toEqual(['b'])
  })

  test('what has a row still waits until it is removed', async () => {
    await buffer.add(sheet, [entry('a')])
    await recorded(['a'])
    await buffer.add(sheet, [entry('a')])
    expect(await due()).toEqual(['a'])
  })

  test('many at once are all there, each once', async () => {
    const ids = Array.from({ length: 2500 }, (_, n) => String(n).padStart(5, '0'))
    await Promise.all(ids.map((id) => buffer.add(sheet, [entry(id, 1)])))
    expect(await due(1, 5000)).toEqual(ids)
    await buffer.remove(sheet, ids)
    expect(await waits()).toEqual([])
  })

  test('of several spreadsheets the one that waits longest comes first', async () => {
    await buffer.add(sheet, [entry('a', 3), entry('b', 2)])
    await buffer.add(`${sheet}-2`, [entry('c', 1)])
    await buffer.add(`${sheet}-3`, [entry('d', 4)])
    const found = (await buffer.waiting()).filter(({ spreadsheet }) =>
      spreadsheet.startsWith(sheet),
    )
    expect(
      found.map(({ spreadsheet, rows }) => `${spreadsheet.slice(sheet.length)} ${rows}`),
    ).toEqual(['-2 1', ' 2', '-3 1'])
  })

  test('the tabs of a spreadsheet wait apart, each in its own order', async () => {
    await buffer.add(sheet, [entry('a', 1), entry('b', 2, 'Other'), entry('c', 3)])
    const [first, second] = [tabOf(sheet), tabOf(sheet, 'Other')]
    expect(await waits()).toEqual([
      { ...first, rows: 2, oldest: at(1) },
      { ...second, rows: 1, oldest: at(2) },
    ])
    const idsOf = async (of: typeof first) => (await buffer.due(of, at(9), 9)).map(({ id }) => id)
    expect([await idsOf(first), await idsOf(second)]).toEqual([['a', 'c'], ['b']])
    const lease = await buffer.lease(first, 60_000)
    const other = await buffer.lease(second, 60_000)
    expect([lease, other]).toEqual([expect.anything(), expect.anything()])
    await buffer.remove(sheet, ['a', 'c'])
    expect(await waits()).toEqual([{ ...second, rows: 1, oldest: at(2) }])
  })

  test('titles that differ in case are one tab, by the title that came first', async () => {
    await buffer.add(sheet, [entry('a', 1, 'Antworten Ä'), entry('b', 2, 'ANTWORTEN ä')])
    expect(await waits()).toEqual([{ ...tabOf(sheet, 'Antworten Ä'), rows: 2, oldest: at(1) }])
    const due = await buffer.due(tabOf(sheet, 'antworten ä'), at(9), 9)
    expect(due.map(({ id, tab }) => `${id} ${tab}`)).toEqual(['a Antworten Ä', 'b Antworten Ä'])
    await recorded(['a'], 'Antworten Ä')
    await recorded(['b'], 'antworten ä')
    const ledger = await lookedInto(buffer, sheet, 'ANTWORTEN Ä')
    expect(await shown(ledger, ['a', 'b'])).toEqual(['a 2', 'b 3'])
    const lease = await buffer.lease(tabOf(sheet, 'Antworten ä'), 60_000)
    expect(lease).toBeDefined()
    expect(await buffer.lease(tabOf(sheet, 'antworten Ä'), 60_000)).toBeUndefined()
  })

  test('what is moved waits there in its order; what has a row stays where it may stand', async () => {
    await buffer.add(sheet, [entry('a', 1), entry('b', 2), entry('c', 3)])
    await recorded(['b'])
    const to = tabOf(`${sheet}-2`, 'Answers')
    await buffer.add(to.spreadsheet, [entry('z', 2, 'Answers')])
    expect(await buffer.move(tabOf(sheet), to, ['a', 'b', 'c', 'unknown'])).toEqual(['b'])
    expect(await due()).toEqual(['b'])
    const moved = await buffer.due(to, at(9), 9)
    expect(moved.map(({ id }) => id)).toEqual(['a', 'z', 'c'])
    expect(moved[0]).toEqual(entry('a', 1, 'Answers'))
    expect(await buffer.move(to, tabOf(sheet), ['a', 'c'])).toEqual([])
    expect(await due()).toEqual(['a', 'b', 'c'])
    expect(await recorded(['a'])).toEqual(new Map([['a', 3]]))
  })

  test('within a spreadsheet, too', async () => {
    await buffer.add(sheet, [entry('a', 1), entry('b', 2)])
    expect(await buffer.move(tabOf(sheet), tabOf(sheet, 'Other'), ['a'])).toEqual([])
    expect((await waits()).map(({ tab, rows }) => [tab, rows])).toEqual([
      ['Other', 1],
      ['Responses', 1],
    ])
    await buffer.remove(sheet, ['a', 'b'])
    expect(await waits()).toEqual([])
  })

  test('a repeat is nothing new wherever its form sent it: where it waits, was moved to, or has a row', async () => {
    await buffer.add(sheet, [entry('waits', 1), entry('moves', 1), entry('stands', 1)])
    await recorded(['stands'])
    await buffer.remove(sheet, ['stands'])
    const to = tabOf(`${sheet}-2`)
    await buffer.move(tabOf(sheet), to, ['moves'])
    const third = `${sheet}-3`
    const again = ['waits', 'moves', 'stands', 'new'].map((id) => entry(id, 1))
    await buffer.add(third, again)
    const waiting = (await buffer.waiting()).filter(({ spreadsheet }) =>
      spreadsheet.startsWith(sheet),
    )
    expect(waiting.map(({ spreadsheet, rows }) => [spreadsheet, rows])).toEqual(
      expect.arrayContaining([
        [sheet, 1],
        [to.spreadsheet, 1],
        [third, 1],
      ]),
    )
    // Another form may have the same id: it is another submission.
    await buffer.add(third, [entriesOf(`${sheet}-other`)('waits', 1)])
    expect((await buffer.due(tabOf(third), at(9), 9)).map(({ id }) => id)).toEqual(['new', 'waits'])
  })

  test('of what stands where it is moved to, nothing waits twice', async () => {
    const to = tabOf(`${sheet}-2`)
    await buffer.add(sheet, [entry('a', 1), entry('b', 1)])
    const ledger = await lookedInto(buffer, to.spreadsheet)
    await record(ledger, ['a'])
    expect(await buffer.move(tabOf(sheet), to, ['a', 'b'])).toEqual([])
    expect((await buffer.due(to, at(9), 9)).map(({ id }) => id)).toEqual(['b'])
    expect(await due()).toEqual([])
  })

  test('an entry without a time is refused, and no other with it', async () => {
    const others = buffer.add(sheet, [entry('a')])
    await expect(buffer.add(sheet, [{ ...entry('b'), time: '' }])).rejects.toThrow(/time in UTC/)
    await others
    expect(await due()).toEqual(['a'])
  })

  test('a batch is open until it is said what came of it, also after a restart', async () => {
    const first = await lookedInto(buffer, sheet)
    const before = { time: at(1), id: 'z' }
    const batch = { ...batchOf(['a', 'b'], 2), late: 1, before }
    const last = { time: at(9), id: 'b' }
    await first.begin(batch, { version: (await first.read([])).version, last })
    await buffer.close()
    buffer = await open()
    const ledger = await lookedInto(buffer, sheet)
    expect(await ledger.read(['a', 'b'])).toMatchObject({
      batch,
      part: 2,
      last,
      rows: new Map(),
    })
    await expect(begin(ledger, ['c'])).rejects.toMatchObject({ name: 'RetryLater' })
    await ledger.end(batch, new Map([['a', 7]]))
    const known = await ledger.read(['a', 'b'])
    expect(known).toMatchObject({ batch: undefined, part: 2, next: 8, last })
    expect(known.rows).toEqual(new Map([['a', { part: 2, row: 7 }]]))
    expect(await shown(await lookedInto(buffer, sheet, 'Other'), ['a'])).toEqual([])
  })

  test('what may stand already is not added again; what never will is', async () => {
    const ledger = await lookedInto(buffer, sheet)
    const batch = await begin(ledger, ['a', 'b'])
    await buffer.add(sheet, [entry('a'), entry('b'), entry('c')])
    expect(await due()).toEqual(['c'])
    await ledger.end(batch, new Map([['a', 2]]))
    await buffer.add(sheet, [entry('a'), entry('b')])
    expect(await due()).toEqual(['b', 'c'])
  })

  test('a batch of which nothing stands leaves no trace in the order, nor in the rows', async () => {
    const ledger = await lookedInto(buffer, sheet)
    await record(ledger, ['a'])
    const { version, next } = await ledger.read([])
    const before = { time: at(1), id: 'a' }
    const batch = { ...batchOf(['b', 'a']), before }
    await ledger.begin(batch, { version, last: { time: at(5), id: 'b' } })
    await ledger.end(batch, new Map())
    expect(await ledger.read(['b'])).toMatchObject({ next, last: before, rows: new Map() })
    // Its row was there before.
    expect(await shown(ledger, ['a', 'b'])).toEqual(['a 2'])
  })

  test('after what was read before another batch ended, none begins; one that has ended ends no more', async () => {
    const ledger = await lookedInto(buffer, sheet)
    const { version } = await ledger.read([])
    const batch = await begin(ledger, ['a'])
    await ledger.end(batch, new Map([['a', 2]]))
    const stale = ledger.begin(batchOf(['b']), { version, last: none })
    await expect(stale).rejects.toMatchObject({ name: 'RetryLater' })
    const other = await begin(ledger, ['b'])
    await ledger.end(batch, new Map())
    expect(await ledger.read(['a'])).toMatchObject({ batch: other })
    expect(await shown(ledger, ['a', 'b'])).toEqual(['a 2'])
  })

  test('a large batch is noted and ended', async () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => `${'x'.repeat(30)}${n}`)
    const ledger = await lookedInto(buffer, sheet)
    const rows = await record(ledger, ids)
    const { rows: places } = await ledger.read(ids)
    expect(new Map([...places].map(([id, { row }]) => [id, row]))).toEqual(rows)
    const batch = await begin(ledger, ids.slice(0, 9000))
    await ledger.end(batch, new Map())
    expect((await ledger.read(ids)).rows.size).toBe(10_000)
  })

  test('new rows go to the last part that was begun', async () => {
    const ledger = await lookedInto(buffer, sheet)
    await record(ledger, ['a', 'b'])
    await record(ledger, ['c'], 2)
    expect(await ledger.lastPart()).toBe(2)
    expect(await ledger.read([])).toMatchObject({ part: 2, next: 3 })
    await record(ledger, ['d'], 2)
    expect(await shown(ledger, ['a', 'b', 'c', 'd', 'e'])).toEqual(['a 2', 'b 3', 'c 2:2', 'd 2:3'])
  })

  test('where people moved rows is noted', async () => {
    const ledger = await lookedInto(buffer, sheet)
    await record(ledger, ['a', 'b'])
    await ledger.relocate(1, new Map([['a', 9]]))
    expect(await shown(ledger, ['a', 'b'])).toEqual(['a 9', 'b 3'])
  })

  test('a rebuilt part has what stands in it, and forgets all others', async () => {
    await recorded(['gone', 'x', 'y'])
    const ledger = await lookedInto(buffer, sheet)
    await record(ledger, ['z'], 2)
    await ledger.rebuild(
      1,
      new Map([
        ['x', 7],
        ['new', 3],
      ]),
    )
    expect(await ledger.lastPart()).toBe(2)
    expect(await shown(ledger, ['gone', 'x', 'y', 'new', 'z'])).toEqual(['x 7', 'new 3', 'z 2:2'])
    await buffer.add(sheet, [entry('gone'), entry('x'), entry('z')])
    expect(await due()).toEqual(['gone'])
  })

  test('in a part that is empty again nothing is late', async () => {
    const ledger = await lookedInto(buffer, sheet)
    const { version } = await ledger.read([])
    const batch = batchOf(['a'])
    await ledger.begin(batch, { version, last: { time: at(5), id: 'a' } })
    await ledger.end(batch, new Map([['a', 2]]))
    await ledger.rebuild(1, new Map())
    expect(await ledger.read(['a'])).toMatchObject({ next: 2, last: none, rows: new Map() })
  })

  test('what was looked into is taken over, and nothing forgotten', async () => {
    await recorded(['a', 'b'])
    const ledger = await lookedInto(buffer, sheet)
    await ledger.trust(2, new Map([['q', 4]]))
    await ledger.trust(1, new Map([['b', 5]]))
    expect(await shown(ledger, ['a', 'b', 'q'])).toEqual(['a 2', 'b 5', 'q 2:4'])
    expect(await ledger.read([])).toMatchObject({ part: 2, next: 5 })
  })

  test('a spreadsheet has an owner of its own, which it keeps', async () => {
    const { owner } = await buffer.ledger(sheet, 'Responses')
    expect(owner).toMatch(/^[0-9a-f-]{36}$/)
    await buffer.close()
    buffer = await open()
    expect((await buffer.ledger(sheet, 'Other')).owner).toBe(owner)
    expect((await buffer.ledger(`${sheet}-2`, 'Responses')).owner).not.toBe(owner)
  })

  test('one flusher has the lease, until it ends or is given back', async () => {
    const lease = await buffer.lease(tabOf(sheet), 60_000)
    expect(await buffer.lease(tabOf(sheet), 60_000)).toBeUndefined()
    expect(await lease?.renew()).toBe(true)
    await lease?.release()
    expect(await lease?.renew()).toBe(false)
    const short = await buffer.lease(tabOf(sheet), 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await short?.renew()).toBe(false)
    const other = await buffer.lease(tabOf(sheet), 60_000)
    await short?.release()
    expect(await other?.renew()).toBe(true)
    await other?.release()
  })

  test('so many calls fit in a minute; then it says how long to wait', async () => {
    const takes = []
    for (let n = 0; n < 4; n++) takes.push(await buffer.takeCall('read', 3))
    expect(takes.slice(0, 3)).toEqual([0, 0, 0])
    expect(takes[3]).toBeGreaterThan(50_000)
    expect(takes[3]).toBeLessThanOrEqual(60_000)
    expect(await buffer.takeCall('write', 3)).toBe(0)
    expect(await buffer.takeCall('read', 1)).toBeGreaterThanOrEqual((takes[3] as number) - 1000)
  })

  if (!second) return

  test('two instances share rows, batches, lease and quota', async () => {
    const other = await second()
    const ids = Array.from({ length: 400 }, (_, n) => String(n))
    const buffers = [buffer, other]
    await lookedInto(buffer, sheet)
    const tries = await Promise.allSettled(
      ids.map(async (id, index) => {
        const one = buffers[index % 2] as RowBuffer
        const both = buffers[Math.floor(index / 2) % 2] as RowBuffer
        await Promise.all([one.add(sheet, [entry(id)]), both.add(sheet, [entry(id)])])
        const ledger = await one.ledger(sheet, 'Responses')
        return begin(ledger, [id])
      }),
    )
    const begun = tries.filter(({ status }) => status === 'fulfilled')
    expect(begun).toHaveLength(1)
    const ledgers = await Promise.all(buffers.map((one) => one.ledger(sheet, 'Responses')))
    const { batch } = await ledgers[1]!.read([])
    expect(begun[0]).toMatchObject({ value: batch })
    await ledgers[1]!.end(batch!, new Map([[batch!.ids[0] as string, 2]]))
    expect(await shown(ledgers[0]!, batch!.ids)).toEqual([`${batch!.ids[0]} 2`])
    expect((await other.waiting()).find(({ spreadsheet }) => spreadsheet === sheet)?.rows).toBe(400)
    expect(await buffer.lease(tabOf(sheet), 1000)).toBeDefined()
    expect(await other.lease(tabOf(sheet), 1000)).toBeUndefined()
    await other.close()
  })
}
