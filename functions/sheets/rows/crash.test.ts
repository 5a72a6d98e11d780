// Each row is written once, although a writer is killed at any step, responses are lost, or calls arrive late.
import { beforeEach, expect, test } from '@jest/globals'
import type { Ledger } from '../buffer/port.ts'
import { entries, entry, insertsRows, startSheet, withBatchUpdate } from '../sheets.fixture.ts'

let sheet: Awaited<ReturnType<typeof startSheet>>
beforeEach(async () => {
  sheet = await startSheet()
})

const ids = async (title?: string) =>
  (await sheet.rows(title)).slice(1).flatMap(([id]) => (id ? [id] : []))
const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)

/** A ledger that throws before or after `method` does its work. */
function failing(method: 'read' | 'begin' | 'end', when: 'before' | 'after') {
  return (ledger: Ledger): Ledger => {
    const call = ledger[method].bind(ledger) as (...args: unknown[]) => Promise<unknown>
    const fail = async (...args: unknown[]) => {
      if (when === 'after') await call(...args)
      throw new Error('killed')
    }
    return Object.create(ledger, {
      [method]: { value: fail },
      owner: { value: ledger.owner },
      suspect: { value: ledger.suspect },
      ...Object.fromEntries(
        (['read', 'begin', 'end', 'relocate', 'rebuild', 'trust', 'lastPart'] as const)
          .filter((name) => name !== method)
          .map((name) => [name, { value: (ledger[name] as () => unknown).bind(ledger) }]),
      ),
    })
  }
}

const steps = (['read', 'begin', 'end'] as const).flatMap((method) =>
  (['before', 'after'] as const).map((when) => [when, method] as const),
)

test.each(steps)(
  'if a writer is killed %s `%s`, the next one, with other rows, writes each row once',
  async (when, method) => {
    await sheet.writer().write(entries(0, 3))
    const killed = sheet.writer({ ledger: failing(method, when) })
    await expect(killed.write(entries(3, 8))).rejects.toThrow('killed')
    // The next batch has only a part of the interrupted one, and a new row.
    await sheet.writer().write([entry(4), entry(9)])
    await sheet.writer().write(entries(0, 10))
    expect(await ids()).toHaveLength(10)
    expect((await ids()).toSorted()).toEqual(names(0, 10))
  },
)

test('if half of the responses are lost, each row is written once, in order', async () => {
  await sheet.setFaults({ rateAppliedButLost: 0.5 })
  const one = sheet.writer({ maxCells: 1040 })
  let lost = 0
  for (let n = 0; n < 60; ) {
    try {
      await one.write(entries(n, n + 3))
      n += 3
    } catch {
      lost += 1
    }
  }
  expect(lost).toBeGreaterThan(3)
  expect([...(await ids()), ...(await ids('Responses 2'))]).toEqual(names(0, 60))
})

test('a call that arrives after another writer has finished its batch has no effect', async () => {
  await sheet.writer().write(entries(0, 3))
  const arriving = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const api = withBatchUpdate(sheet.api, async (requests, send) => {
    if (!requests.some(insertsRows)) return send()
    started.resolve()
    await arriving.promise
    return send()
  })
  const slow = sheet.writer({ api }).write(entries(3, 6))
  await started.promise
  const rows = await sheet.writer().write(entries(3, 8))
  arriving.resolve()
  // It finds that another writer finished its batch, and in which rows.
  expect(await slow).toEqual(new Map(names(3, 6).map((id) => [id, rows.get(id)])))
  expect(await ids()).toEqual(names(0, 8))
})

test('a call is not repeated if its response arrives after another writer has finished its batch', async () => {
  await sheet.writer().write(entries(0, 3))
  const answering = Promise.withResolvers<void>()
  const applied = Promise.withResolvers<void>()
  const api = withBatchUpdate(sheet.api, async (requests, send) => {
    const answer = await send()
    if (!requests.some(insertsRows)) return answer
    applied.resolve()
    await answering.promise
    return answer
  })
  const slow = sheet.writer({ api })
  const writing = slow.write(entries(3, 6))
  await applied.promise
  await sheet.writer().write(entries(3, 8))
  answering.resolve()
  await writing
  await slow.write(entries(8, 10))
  expect(await ids()).toEqual(names(0, 10))
})

test('rows of a batch that Google refuses wait, and are written once it accepts them', async () => {
  await sheet.writer().write(entries(0, 3))
  await sheet.setFaults({ denied: ['demo'] })
  const one = sheet.writer()
  await expect(one.write(entries(3, 5))).rejects.toMatchObject({ status: 403 })
  await sheet.setFaults({})
  const { writes } = await sheet.stats()
  await one.write(entries(3, 5))
  expect(await ids()).toEqual(names(0, 5))
  expect((await sheet.stats()).writes - writes).toBe(1)
})

test('a deleted tab is created again for new rows only', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 3))
  await sheet.change({ deleteSheet: { sheetId: await sheet.sheetId() } })
  await one.write(entries(3, 5)).catch(() => one.write(entries(3, 5)))
  expect(await ids()).toEqual(names(3, 5))
})

test('if a response is lost and the tab is then renamed, the batch is written to a new tab', async () => {
  await sheet.change({ addSheet: { properties: { title: 'Responses' } } })
  const one = sheet.writer()
  await one.write(entries(0, 3))
  await sheet.setFaults({ rateAppliedButLost: 1 })
  await expect(one.write(entries(3, 5))).rejects.toThrow()
  await sheet.setFaults({ rateAppliedButLost: 0 })
  const properties = { sheetId: await sheet.sheetId(), title: 'Spring' }
  await sheet.change({ updateSheetProperties: { properties, fields: 'title' } })
  await sheet.writer().write(entries(3, 7))
  expect(await ids()).toEqual(names(3, 7))
  expect(await ids('Spring')).toEqual(names(0, 5))
})

test('rows that an earlier version numbered but did not write are written', async () => {
  await sheet.writer().write(entries(0, 3))
  await sheet.buffer.add('demo', entries(3, 6))
  const ledger = await sheet.buffer.ledger('demo', 'Responses')
  await ledger.relocate(1, new Map(entries(1, 6).map(({ id }, n) => [id, n + 3])))
  const rows = await sheet.writer().write(entries(1, 7))
  expect(rows.get('id-1')).toBe(3)
  expect(await ids()).toEqual(names(0, 7))
})
