// The same event more than once, and events in another order.
import type { Case } from '../case.ts'
import { deliverUntilDone } from '../deliver-until-done.ts'
import { expectOnce } from '../expect-once.ts'

export const repeats: Case[] = [
  {
    name: 'an event that is delivered twice has one effect',
    async run(trial) {
      const event = trial.newEvent()
      await deliverUntilDone(trial, event)
      await deliverUntilDone(trial, event)
      await expectOnce(trial, event.subject as string)
    },
  },
  {
    name: 'an event that is delivered three times at once has one effect',
    async run(trial) {
      const event = trial.newEvent()
      await Promise.all([event, event, event].map((same) => deliverUntilDone(trial, same)))
      await expectOnce(trial, event.subject as string)
    },
  },
  {
    name: 'submissions in another order than people sent them have one effect each',
    async run(trial) {
      const [older, newer] = [trial.newEvent({ age: 5000 }), trial.newEvent()]
      await deliverUntilDone(trial, newer)
      await deliverUntilDone(trial, older)
      for (const { subject } of [newer, older]) await expectOnce(trial, subject as string)
    },
  },
]
