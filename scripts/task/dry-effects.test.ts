import { expect, test } from '@jest/globals'
import { effectsOf } from '#kit/effects/effects.ts'
import { silent } from '#kit/events.fixture.ts'
import { dryEffects } from './dry-effects.ts'

test('a dry run names an effect and does not run it', async () => {
  const named: string[] = []
  let runs = 0
  const store = dryEffects((effect) => named.push(effect))
  const ledger = { store, policy: 'repeat' as const, onUnknown: () => {}, log: silent }
  const outcome = await effectsOf(ledger, 's-1').run('person', async () => {
    runs += 1
  })
  expect([outcome, named, runs]).toEqual([{ state: 'unknown', unknown: 0 }, ['person'], 0])
})
