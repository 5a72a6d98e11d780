import { expect, test } from '@jest/globals'
import type { Lease, RowBuffer } from './buffer/port.ts'
import { type FlushOptions, flushTab } from './flush-tab.ts'
import { Quota } from './google/quota.ts'

/** Options for a tab without due rows. `renewed`: result of each renewal of the lease. */
function makeOptions(renewed: boolean): FlushOptions {
  const lease: Lease = { renew: async () => renewed, release: async () => {} }
  const buffer = { lease: async () => lease, due: async () => [] } as unknown as RowBuffer
  const unused = () => Promise.reject(new Error('Expected no call'))
  const quota = new Quota(async () => 0, 60)
  return { buffer, quota, targetOf: () => undefined, write: unused, publish: unused }
}

test.each([true, false])(
  'the result of a flush says whether the lease is still held: %s',
  async (held) => {
    const target = { spreadsheet: 's', tab: 'Responses' }
    const flush = { target, until: () => '9', onProgress: () => {} }
    expect(await flushTab(makeOptions(held), flush)).toBe(held)
  },
)
