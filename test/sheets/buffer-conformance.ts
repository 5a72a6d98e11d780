// The test suite that every adapter of the row buffer must pass. Each adapter's own test runs it in a `describe`.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { RowBuffer } from '../../functions/sheets/buffer/port.ts'
import {
  at,
  batchOf,
  begin,
  entriesOf,
  formatRows,
  none,
  record,
  tabOf,
  trustedLedger,
} from './buffer-entries.ts'

export interface Adapter {
  /** Opened again, it has the entries added before. */
  open: () => Promise<RowBuffer>
  /** Opens a second one at the same time, if the adapter allows it. */
  second?: () => Promise<RowBuffer>
}

export function bufferConformance({ open, second }: Adapter): void {
  let buffer: RowBuffer
  /** Different for each test, because adapters keep their entries. */
  let sheet: string
  let entry: ReturnType<typeof entriesOf>
  beforeEach(async () => {
    buffer = await open()
    sheet = `s-${randomUUID()}`
    entry = entriesOf(sheet)
  })
  afterEach(() => buffer.close())

  const due = async (until = 1e9, limit = 100) =>
    (await buffer.due(tabOf(sheet), at(until), limit)).map(({ id }) => id)
  const waits = async () =>
    (await buffer.waiting()).filter(({ spreadsheet }) => spreadsheet === sheet)
  const recorded = async (ids: string[], tab = 'Responses') =>
    record(await trustedLedger(buffer, sheet, tab), ids)

  test('an entry is returned as it was added, also after a restart', async () => {
    const added = {
      ...entry('a', 5),
      cause: { ...entry('a').cause, traceparent: '00-1-2-01' },
    }
    await buffer.add(sheet, [added])
    await buffer.close()
    buffer = await open()
    expect(await buffer.due(tabOf(sheet), at(5), 10)).toEqual([added])
    expect(await waits()).toEqual([{ ...tabOf(sheet), rows: 1, oldest: at(5) }])
  })

  test('due entries are ordered by time, then by id, up to a time and a limit', async () => {
    await buffer.add(sheet, [entry('c', 2), entry('b', 1), entry('z', 0)])
    await buffer.add(sheet, [entry('a', 1), entry('Z', 1), entry('late', 9)])
    expect(await due(2)).toEqual(['z', 'Z', 'a', 'b', 'c'])
    expect(await due(2, 2)).toEqual(['z', 'Z'])
    expect(await due(-1)).toEqual([])
  })

  test('adding an id again changes nothing, neither while it waits nor after it was recorded', async () => {
    await buffer.add(sheet, [entry('a', 1)])
    await Promise.all([buffer.add(sheet, [entry('a', 2)]), buffer.add(sheet, [entry('a', 3)])])
    expect((await buffer.due(tabOf(sheet), at(9), 9)).map(({ time }) => time)).toEqual([at(1)])
    await recorded(['a'])
    await buffer.remove(sheet, ['a'])
    expect(await waits()).toEqual([])
    await buffer.add(sheet, [entry('a', 1), entry('b', 2)])
    expect(await due()).toEqual(['b'])
  })

  test('an entry with a row waits until it is removed', async () => {
    await buffer.add(sheet, [entry('a')])
    await recorded(['a'])
    await buffer.add(sheet, [entry('a')])
    expect(await due()).toEqual(['a'])
  })

  test('of many entries added at the same time each waits once', async () => {
    const ids = Array.from({ length: 2500 }, (_, n) => String(n).padStart(5, '0'))
    await Promise.all(ids.map((id) => buffer.add(sheet, [entry(id, 1)])))
    expect(await due(1, 5000)).toEqual(ids)
    await buffer.remove(sheet, ids)
    expect(await waits()).toEqual([])
  })

  test('spreadsheets are listed by their oldest entry', async () => {
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

  test('tabs of a spreadsheet have separate entries, order and leases', async () => {
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

  test('titles that differ only in case are one tab, under the first title', async () => {
    await buffer.add(sheet, [entry('a', 1, 'Antworten Ä'), entry('b', 2, 'ANTWORTEN ä')])
    expect(await waits()).toEqual([{ ...tabOf(sheet, 'Antworten Ä'), rows: 2, oldest: at(1) }])
    const due = await buffer.due(tabOf(sheet, 'antworten ä'), at(9), 9)
    expect(due.map(({ id, tab }) => `${id} ${tab}`)).toEqual(['a Antworten Ä', 'b Antworten Ä'])
    await recorded(['a'], 'Antworten Ä')
    await recorded(['b'], 'antworten ä')
    const ledger = await trustedLedger(buffer, sheet, 'ANTWORTEN Ä')
    expect(await formatRows(ledger, ['a', 'b'])).toEqual(['a 2', 'b 3'])
    const lease = await buffer.lease(tabOf(sheet, 'Antworten ä'), 60_000)
    expect(lease).toBeDefined()
    expect(await buffer.lease(tabOf(sheet, 'antworten Ä'), 60_000)).toBeUndefined()
  })

  test('moved entries wait in order of time in the other tab; entries with a row are not moved', async () => {
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

  test('entries can be moved within a spreadsheet', async () => {
    await buffer.add(sheet, [entry('a', 1), entry('b', 2)])
    expect(await buffer.move(tabOf(sheet), tabOf(sheet, 'Other'), ['a'])).toEqual([])
    expect((await waits()).map(({ tab, rows }) => [tab, rows])).toEqual([
      ['Other', 1],
      ['Responses', 1],
    ])
    await buffer.remove(sheet, ['a', 'b'])
    expect(await waits()).toEqual([])
  })

  test('an id is not added again to another spreadsheet while it waits, after it was moved, or once it has a row', async () => {
    await buffer.add(sheet, [entry('waits', 1), entry('moves', 1), entry('written', 1)])
    await recorded(['written'])
    await buffer.remove(sheet, ['written'])
    const to = tabOf(`${sheet}-2`)
    await buffer.move(tabOf(sheet), to, ['moves'])
    const third = `${sheet}-3`
    const again = ['waits', 'moves', 'written', 'new'].map((id) => entry(id, 1))
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
    // The same id of another form is another submission.
    await buffer.add(third, [entriesOf(`${sheet}-other`)('waits', 1)])
    expect((await buffer.due(tabOf(third), at(9), 9)).map(({ id }) => id)).toEqual(['new', 'waits'])
  })

  test('an entry that already has a row in the other tab does not wait there after a move', async () => {
    const to = tabOf(`${sheet}-2`)
    await buffer.add(sheet, [entry('a', 1), entry('b', 1)])
    const ledger = await trustedLedger(buffer, to.spreadsheet)
    await record(ledger, ['a'])
    expect(await buffer.move(tabOf(sheet), to, ['a', 'b'])).toEqual([])
    expect((await buffer.due(to, at(9), 9)).map(({ id }) => id)).toEqual(['b'])
    expect(await due()).toEqual([])
  })

  test('an entry without a time is rejected, without effect on others', async () => {
    const others = buffer.add(sheet, [entry('a')])
    await expect(buffer.add(sheet, [{ ...entry('b'), time: '' }])).rejects.toThrow(/time in UTC/)
    await others
    expect(await due()).toEqual(['a'])
  })

  test('a batch is open until it is ended, also after a restart', async () => {
    const first = await trustedLedger(buffer, sheet)
    const before = { time: at(1), id: 'z' }
    const batch = { ...batchOf(['a', 'b'], 2), late: 1, before }
    const last = { time: at(9), id: 'b' }
    await first.begin(batch, { version: (await first.read([])).version, last })
    await buffer.close()
    buffer = await open()
    const ledger = await trustedLedger(buffer, sheet)
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
    expect(await formatRows(await trustedLedger(buffer, sheet, 'Other'), ['a'])).toEqual([])
  })

  test('entries of an open batch are not added again; entries that the batch did not write are', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    const batch = await begin(ledger, ['a', 'b'])
    await buffer.add(sheet, [entry('a'), entry('b'), entry('c')])
    expect(await due()).toEqual(['c'])
    await ledger.end(batch, new Map([['a', 2]]))
    await buffer.add(sheet, [entry('a'), entry('b')])
    expect(await due()).toEqual(['b', 'c'])
  })

  test('a batch that wrote nothing changes neither the order nor the rows', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    await record(ledger, ['a'])
    const { version, next } = await ledger.read([])
    const before = { time: at(1), id: 'a' }
    const batch = { ...batchOf(['b', 'a']), before }
    await ledger.begin(batch, { version, last: { time: at(5), id: 'b' } })
    await ledger.end(batch, new Map())
    expect(await ledger.read(['b'])).toMatchObject({ next, last: before, rows: new Map() })
    // `a` had its row before the batch.
    expect(await formatRows(ledger, ['a', 'b'])).toEqual(['a 2'])
  })

  test('a batch cannot begin on an outdated version, and a batch that has ended cannot end again', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    const { version } = await ledger.read([])
    const batch = await begin(ledger, ['a'])
    await ledger.end(batch, new Map([['a', 2]]))
    const stale = ledger.begin(batchOf(['b']), { version, last: none })
    await expect(stale).rejects.toMatchObject({ name: 'RetryLater' })
    const other = await begin(ledger, ['b'])
    await ledger.end(batch, new Map())
    expect(await ledger.read(['a'])).toMatchObject({ batch: other })
    expect(await formatRows(ledger, ['a', 'b'])).toEqual(['a 2'])
  })

  test('a batch of 10,000 entries can begin and end', async () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => `${'x'.repeat(30)}${n}`)
    const ledger = await trustedLedger(buffer, sheet)
    const rows = await record(ledger, ids)
    const { rows: locations } = await ledger.read(ids)
    expect(new Map([...locations].map(([id, { row }]) => [id, row]))).toEqual(rows)
    const batch = await begin(ledger, ids.slice(0, 9000))
    await ledger.end(batch, new Map())
    expect((await ledger.read(ids)).rows.size).toBe(10_000)
  })

  test('new rows go to the last part that has rows', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    await record(ledger, ['a', 'b'])
    await record(ledger, ['c'], 2)
    expect(await ledger.lastPart()).toBe(2)
    expect(await ledger.read([])).toMatchObject({ part: 2, next: 3 })
    await record(ledger, ['d'], 2)
    expect(await formatRows(ledger, ['a', 'b', 'c', 'd', 'e'])).toEqual([
      'a 2',
      'b 3',
      'c 2:2',
      'd 2:3',
    ])
  })

  test('relocate stores the new positions of rows', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    await record(ledger, ['a', 'b'])
    await ledger.relocate(1, new Map([['a', 9]]))
    expect(await formatRows(ledger, ['a', 'b'])).toEqual(['a 9', 'b 3'])
  })

  test('a rebuilt part has only the given rows; other parts are unchanged', async () => {
    await recorded(['removed', 'x', 'y'])
    const ledger = await trustedLedger(buffer, sheet)
    await record(ledger, ['z'], 2)
    await ledger.rebuild(
      1,
      new Map([
        ['x', 7],
        ['new', 3],
      ]),
    )
    expect(await ledger.lastPart()).toBe(2)
    expect(await formatRows(ledger, ['removed', 'x', 'y', 'new', 'z'])).toEqual([
      'x 7',
      'new 3',
      'z 2:2',
    ])
    await buffer.add(sheet, [entry('removed'), entry('x'), entry('z')])
    expect(await due()).toEqual(['removed'])
  })

  test('a part that was rebuilt without rows has no last entry', async () => {
    const ledger = await trustedLedger(buffer, sheet)
    const { version } = await ledger.read([])
    const batch = batchOf(['a'])
    await ledger.begin(batch, { version, last: { time: at(5), id: 'a' } })
    await ledger.end(batch, new Map([['a', 2]]))
    await ledger.rebuild(1, new Map())
    expect(await ledger.read(['a'])).toMatchObject({ next: 2, last: none, rows: new Map() })
  })

  test('trust adds the given rows and keeps the others', async () => {
    await recorded(['a', 'b'])
    const ledger = await trustedLedger(buffer, sheet)
    await ledger.trust(2, new Map([['q', 4]]))
    await ledger.trust(1, new Map([['b', 5]]))
    expect(await formatRows(ledger, ['a', 'b', 'q'])).toEqual(['a 2', 'b 5', 'q 2:4'])
    expect(await ledger.read([])).toMatchObject({ part: 2, next: 5 })
  })

  test('each spreadsheet has its own owner id, which is kept', async () => {
    const { owner } = await buffer.ledger(sheet, 'Responses')
    expect(owner).toMatch(/^[0-9a-f-]{36}$/)
    await buffer.close()
    buffer = await open()
    expect((await buffer.ledger(sheet, 'Other')).owner).toBe(owner)
    expect((await buffer.ledger(`${sheet}-2`, 'Responses')).owner).not.toBe(owner)
  })

  test('one flusher has the lease until it expires or is released', async () => {
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

  test('takeCall allows the given number of calls per minute, then returns the time to wait', async () => {
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
    await trustedLedger(buffer, sheet)
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
    expect(await formatRows(ledgers[0]!, batch!.ids)).toEqual([`${batch!.ids[0]} 2`])
    expect((await other.waiting()).find(({ spreadsheet }) => spreadsheet === sheet)?.rows).toBe(400)
    expect(await buffer.lease(tabOf(sheet), 1000)).toBeDefined()
    expect(await other.lease(tabOf(sheet), 1000)).toBeUndefined()
    await other.close()
  })
}
