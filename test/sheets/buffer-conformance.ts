// What every adapter of the sheets task's buffer must do. Each adapter's own test runs this suite over it, in a `describe`.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Buffer } from '../../functions/sheets/buffer.ts'
import { at, entriesOf, lookedInto, show, tabOf } from './buffer-entries.ts'

export interface Adapter {
  /** Again: what was added before is there. */
  open: () => Promise<Buffer>
  /** Opens one beside another that is open, where the adapter can have several. */
  second?: () => Promise<Buffer>
}

export function bufferConformance({ open, second }: Adapter): void {
  let buffer: Buffer
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
  const allocate = async (ids: string[], lastRow = 1000, tab = 'Responses') => {
    const ledger = await lookedInto(buffer, sheet, tab)
    const entries = ids.map((id, index) => ({ id, time: at(index) }))
    return (await ledger.allocate(entries, lastRow)).map(show)
  }

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
    await allocate(['a'])
    await buffer.remove(sheet, ['a'])
    expect(await waits()).toEqual([])
    await buffer.add(sheet, [entry('a', 1), entry('b', 2)])
    expect(await due()).toEqual(['b'])
  })

  test('what has a row still waits until it is removed', async () => {
    await buffer.add(sheet, [entry('a')])
    await allocate(['a'])
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
    expect(await allocate(['a'], 1000, 'Antworten Ä')).toEqual(['a 2 fresh'])
    expect(await allocate(['a', 'b'], 1000, 'antworten ä')).toEqual(['a 2 known', 'b 3 fresh'])
    const lease = await buffer.lease(tabOf(sheet, 'Antworten ä'), 60_000)
    expect(lease).toBeDefined()
    expect(await buffer.lease(tabOf(sheet, 'antworten Ä'), 60_000)).toBeUndefined()
  })

  test('what is moved waits there in its order; what has a row stays where it may stand', async () => {
    await buffer.add(sheet, [entry('a', 1), entry('b', 2), entry('c', 3)])
    await allocate(['b'])
    const to = tabOf(`${sheet}-2`, 'Answers')
    await buffer.add(to.spreadsheet, [entry('z', 2, 'Answers')])
    expect(await buffer.move(tabOf(sheet), to, ['a', 'b', 'c', 'unknown'])).toEqual(['b'])
    expect(await due()).toEqual(['b'])
    const moved = await buffer.due(to, at(9), 9)
    expect(moved.map(({ id }) => id)).toEqual(['a', 'z', 'c'])
    expect(moved[0]).toEqual(entry('a', 1, 'Answers'))
    expect(await buffer.move(to, tabOf(sheet), ['a', 'c'])).toEqual([])
    expect(await due()).toEqual(['a', 'b', 'c'])
    expect(await allocate(['a'])).toEqual(['a 3 fresh late'])
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
    await allocate(['stands'])
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
    await ledger.allocate([{ id: 'a', time: at(1) }], 1000)
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

  test('rows are given from below the header on, in the given order, and kept', async () => {
    expect(await allocate(['a', 'b'])).toEqual(['a 2 fresh', 'b 3 fresh'])
    await buffer.close()
    buffer = await open()
    const ledger = await lookedInto(buffer, sheet)
    const more = await ledger.allocate(
      [
        { id: 'c', time: at(5) },
        { id: 'a', time: at(0) },
      ],
      1000,
    )
    expect(more.map(show)).toEqual(['c 4 fresh', 'a 2 known'])
    expect(await ledger.allocate([], 1000)).toEqual([])
    expect(await allocate(['a'], 1000, 'Other')).toEqual(['a 2 fresh'])
  })

  test('a row that stands behind a later submission is counted as late', async () => {
    const ledger = await lookedInto(buffer, sheet)
    const given = (id: string, time: number) => ({ id, time: at(time) })
    await ledger.allocate([given('b', 5), given('d', 5)], 1000)
    const more = [given('a', 4), given('c', 5), given('e', 5), given('b', 5)]
    expect((await ledger.allocate(more, 1000)).map(show)).toEqual([
      'a 4 fresh late',
      'c 5 fresh late',
      'e 6 fresh',
      'b 2 known',
    ])
  })

  test('past the last row a new part begins; rows that were given stay where they are', async () => {
    expect(await allocate(['a', 'b', 'c', 'd'], 3)).toEqual([
      'a 2 fresh',
      'b 3 fresh',
      'c 2:2 fresh',
      'd 2:3 fresh',
    ])
    expect(await (await lookedInto(buffer, sheet)).part()).toBe(2)
    // The tab has become broader: fewer rows fit.
    expect(await allocate(['e', 'a'], 2)).toEqual(['e 3:2 fresh late', 'a 2 known'])
    expect(await allocate(['g'], 1000)).toEqual(['g 3:3 fresh late'])
  })

  test('reallocated rows lie below what people wrote, and below all that were given', async () => {
    await allocate(['a', 'b', 'c'])
    const ledger = await lookedInto(buffer, sheet)
    const moved = await ledger.reallocate(1, ['a', 'b'], 10)
    expect(moved.map(show)).toEqual(['a 11 fresh', 'b 12 fresh'])
    expect((await ledger.reallocate(1, ['c'], 5)).map(show)).toEqual(['c 13 fresh'])
    expect(await ledger.reallocate(1, [], 5)).toEqual([])
    expect(await allocate(['a', 'c', 'd'])).toEqual(['a 11 known', 'c 13 known', 'd 14 fresh'])
  })

  test('where people moved rows is noted; it takes no new rows', async () => {
    await allocate(['a', 'b'])
    const ledger = await lookedInto(buffer, sheet)
    await ledger.place(1, new Map([['a', 9]]))
    expect(await allocate(['a', 'b', 'c'])).toEqual(['a 9 known', 'b 3 known', 'c 4 fresh'])
  })

  test('a rebuilt part keeps what stands in it and the rows of what waits, and forgets all others', async () => {
    await buffer.add(sheet, [entry('waits'), entry('recorded')])
    await allocate(['recorded', 'x', 'waits', 'y', 'z'], 5)
    await buffer.remove(sheet, ['recorded'])
    const ledger = await lookedInto(buffer, sheet)
    await ledger.rebuild(
      1,
      new Map([
        ['x', 7],
        ['new', 3],
      ]),
      8,
    )
    expect((await ledger.part()).toString()).toBe('2')
    expect(await allocate(['x', 'new', 'waits', 'z'])).toEqual([
      'x 7 known',
      'new 3 known',
      'waits 4 known',
      'z 2:2 known',
    ])
    expect((await ledger.reallocate(1, ['moved'], 1)).map(show)).toEqual(['moved 9 fresh'])
    await buffer.add(sheet, [entry('recorded'), entry('x')])
    expect(await due()).toEqual(['recorded', 'waits'])
    expect(await allocate(['recorded'])).toEqual(['recorded 2:3 fresh late'])
  })

  test('a part that is empty again begins below the header, and nothing in it is late', async () => {
    await allocate(['a', 'b'])
    await (await lookedInto(buffer, sheet)).rebuild(1, new Map(), 1)
    expect(await allocate(['b', 'a'])).toEqual(['b 2 fresh', 'a 3 fresh'])
  })

  test('what was looked into is taken over, and nothing forgotten', async () => {
    await allocate(['a', 'b'])
    const ledger = await lookedInto(buffer, sheet)
    await ledger.trust(2, new Map([['q', 4]]), 6)
    await ledger.trust(1, new Map([['b', 5]]), 5)
    expect(await allocate(['a', 'b', 'q', 'c'])).toEqual([
      'a 2 known',
      'b 5 known',
      'q 2:4 known',
      'c 2:7 fresh',
    ])
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
    for (let n = 0; n < 4; n++) takes.push(await buffer.take('read', 3))
    expect(takes.slice(0, 3)).toEqual([0, 0, 0])
    expect(takes[3]).toBeGreaterThan(50_000)
    expect(takes[3]).toBeLessThanOrEqual(60_000)
    expect(await buffer.take('write', 3)).toBe(0)
    expect(await buffer.take('read', 1)).toBeGreaterThanOrEqual((takes[3] as number) - 1000)
  })

  if (!second) return

  test('two instances share rows, numbers, lease and quota', async () => {
    const other = await second()
    const ids = Array.from({ length: 400 }, (_, n) => String(n))
    const buffers = [buffer, other]
    await lookedInto(buffer, sheet)
    const given = await Promise.all(
      ids.map(async (id, index) => {
        const one = buffers[index % 2] as Buffer
        const both = buffers[Math.floor(index / 2) % 2] as Buffer
        await Promise.all([one.add(sheet, [entry(id)]), both.add(sheet, [entry(id)])])
        const ledger = await one.ledger(sheet, 'Responses')
        return ledger.allocate([{ id, time: at(0) }], 1000)
      }),
    )
    const rows = given.flat().map(({ row }) => row)
    expect(rows.toSorted((a, b) => a - b)).toEqual(ids.map((_, index) => index + 2))
    expect((await other.waiting()).find(({ spreadsheet }) => spreadsheet === sheet)?.rows).toBe(400)
    expect(await buffer.lease(tabOf(sheet), 1000)).toBeDefined()
    expect(await other.lease(tabOf(sheet), 1000)).toBeUndefined()
    await other.close()
  })
}
