// What both adapters of the records do. Each gets its own store, whose clock the suite moves.
import { expect, test } from '@jest/globals'
import { maxPerHour, type Records } from './port.ts'

export function describeRecords(open: () => Promise<Records>): void {
  test('an address gets a limited number of mails, and each mail counts once', async () => {
    const records = await open()
    for (let n = 0; n < maxPerHour; n++) expect(await records.admit('a@b.org', `s-${n}`)).toBe(true)
    expect(await records.admit('a@b.org', 's-9')).toBe(false)
    expect(await records.admit('A@B.org', 's-9')).toBe(false)
    expect(await records.admit('a@b.org', 's-0')).toBe(true)
    expect(await records.admit('c@b.org', 's-9')).toBe(true)
    await records.close()
  })

  test('mails that arrive together share the limit', async () => {
    const records = await open()
    const together = Array.from({ length: 20 }, (_, n) => records.admit('d@b.org', `s-${n}`))
    const admitted = (await Promise.all(together)).filter(Boolean)
    expect(admitted).toHaveLength(maxPerHour)
    await records.close()
  })

  test('an address is refused for one form', async () => {
    const records = await open()
    await records.refuse({ form: 'one', address: 'a@b.org' })
    expect(await records.isRefused({ form: 'one', address: 'A@b.org' })).toBe(true)
    expect(await records.isRefused({ form: 'two', address: 'a@b.org' })).toBe(false)
    expect(await records.isRefused({ form: 'one', address: 'c@b.org' })).toBe(false)
    await records.close()
  })
}
