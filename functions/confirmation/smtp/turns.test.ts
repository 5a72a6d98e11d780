import { expect, test } from '@jest/globals'
import { RetryLater } from '#kit/errors.ts'
import { Turns } from './turns.ts'

test('few run at once, in their order, and a failure lets the next one begin', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
  const done = gates.map(({ promise }, n) =>
    turns.take(async () => {
      begun.push(n)
      await promise
    }),
  )
  expect(begun).toEqual([0, 1])
  gates[1]?.reject(new Error('failed'))
  await expect(done[1]).rejects.toThrow('failed')
  gates[0]?.resolve()
  await done[0]
  gates[2]?.resolve()
  gates[3]?.resolve()
  await Promise.all([done[2], done[3]])
  expect(begun).toEqual([0, 1, 2, 3])
})

test('one whose turn does not come in time does not begin, and takes no turn', async () => {
  const turns = new Turns(1, 10)
  const gate = Promise.withResolvers<void>()
  const first = turns.take(() => gate.promise)
  let begun = false
  const late = turns.take(async () => {
    begun = true
  })
  await expect(late).rejects.toThrow(RetryLater)
  gate.resolve()
  await first
  expect([begun, await turns.take(async () => 'next')]).toEqual([false, 'next'])
})
