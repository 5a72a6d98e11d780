// The small version of `npm run test:chaos -- mail`.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Running } from '../instance.ts'
import { mailFaults, runMails, startMails } from './mail.ts'

let instance: Running
let close: () => Promise<void>

beforeAll(async () => {
  ;({ instance, close } = await startMails())
}, 60_000)
afterAll(() => close?.(), 60_000)

const right = { lost: 0, uncounted: 0, wrongEvents: 0 }

test('without faults everyone has exactly one mail', async () => {
  const counts = await runMails(instance, { submissions: 60, faults: {} })
  console.log(counts)
  const each = { acknowledged: 60, mails: 60, confirmed: 60, doubled: 0, unknown: 0 }
  expect(counts).toMatchObject({ ...right, ...each, occurred: {} })
}, 120_000)

test('everyone has a mail, and a second one only if it is counted, whatever fails', async () => {
  const faults = { ...mailFaults, lostAnswer: { next: 5 } }
  const counts = await runMails(instance, { submissions: 100, faults, killAfter: 1000 })
  console.log(counts)
  expect(counts).toMatchObject({ ...right, acknowledged: 100, confirmed: 100 })
  // Otherwise the run proves nothing. A lost answer makes a second mail, as the first one was kept.
  expect(counts.kills).toBeGreaterThan(0)
  expect(counts.occurred.lostAnswer).toBe(5)
  expect(counts.doubled).toBeGreaterThan(0)
}, 180_000)
