import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { DeliverySlots } from './delivery-slots.ts'

const { signal } = new AbortController()

/** Takes and returns slots until the limit has been adjusted ten times. Returns how many the last form can take then. */
async function run(slots: DeliverySlots, forms: string[], busy: number): Promise<number> {
  for (let round = 0; round < 10; round++) {
    // Longer than the pause between two adjustments.
    await delay(60)
    for (const form of forms) {
      await slots.take(form, signal)
      slots.giveBack(form, busy)
    }
  }
  const last = forms.at(-1) as string
  let taken = 0
  for (let full = false; !full && taken < 1000; ) {
    const one = slots.take(last, signal).then(() => 'taken')
    const next = await Promise.race([one, new Promise((resolve) => setImmediate(resolve, 'full'))])
    full = next === 'full'
    if (!full) taken += 1
  }
  return taken
}

test('a form alone gets all its slots even if the task is busy; beside other forms it gets fewer', async () => {
  expect(await run(new DeliverySlots(100), ['a'], 1)).toBe(100)
  expect(await run(new DeliverySlots(100), ['a', 'b'], 1)).toBe(16)
})
