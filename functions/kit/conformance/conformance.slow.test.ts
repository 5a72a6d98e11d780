// The suite finds each planted defect, and nothing wrong with a task that conforms.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { submissionValidated } from '#kafka/events.ts'
import { casesFor } from './cases-for.ts'
import { submissionHeader } from './fixtures/notify.ts'
import type { Given } from './given.ts'
import { httpWorld } from './http-world.ts'
import { Nonconformity } from './nonconformity.ts'
import { Trial } from './trial.ts'

const form = `
title: Demo
fields: { name: { type: text } }
tasks: { fixture: {} }
`

const givenTo = (ignoresRepeats: boolean): Given => ({
  form,
  event: submissionValidated({ version: 'v', answers: { name: 'Ann' } }),
  world: httpWorld({
    environment: (url) => ({ WORLD_URL: url }),
    submissionOf: ({ headers }) => headers[submissionHeader] as string | undefined,
    ignoresRepeats,
  }),
})

const repeated = [
  'an event that is delivered twice has one effect',
  'an event that is delivered three times at once has one effect',
]
const published = 'an event is acknowledged only after its follow-on events were published'
const failing =
  'an event is not acknowledged while its effect fails, and has it once that works again'
const refused =
  'an event whose effect is refused for good is not tried again and not told as a success'
const killed =
  'a process that is killed before it acknowledges an event leaves an effect that is not repeated'
const killedInEffect =
  'a process that is killed before it knows the result of its effect has it once, or counts it as unknown'
const terminated = 'SIGTERM in the middle of a delivery loses nothing'

const defects: [
  string,
  { fixture: string; ignoresRepeats: boolean; red: string[]; told: RegExp },
][] = [
  [
    'a double effect',
    {
      fixture: 'conforming',
      ignoresRepeats: false,
      red: [...repeated, published, killed, killedInEffect],
      told: /Expected the effect once, found it [23] times/,
    },
  ],
  [
    'an acknowledgement before the events are published',
    {
      fixture: 'acknowledges-first',
      ignoresRepeats: true,
      red: [published, killed, terminated],
      told: /Expected no acknowledgement (while|before) K_SINK/,
    },
  ],
  [
    'a swallowed error',
    {
      fixture: 'swallows-errors',
      ignoresRepeats: true,
      red: [failing, refused],
      told: /Expected no acknowledgement while its effect fails|Expected a final answer/,
    },
  ],
  [
    'ids that change',
    {
      fixture: 'new-ids',
      ignoresRepeats: true,
      red: [...repeated, published, killed],
      told: /Expected 1 events for a submission, found [23] with different ids/,
    },
  ],
  [
    'Rejected for what would pass',
    {
      fixture: 'rejects-all',
      ignoresRepeats: true,
      red: [failing],
      told: /throw `RetryLater` for what can succeed later/,
    },
  ],
  [
    'retries of what never passes',
    {
      fixture: 'retries-all',
      ignoresRepeats: true,
      red: [refused],
      told: /Expected a final answer \(422\) .* found 500/,
    },
  ],
  [
    'a failure that is left as unknown',
    {
      fixture: 'unknown-all',
      ignoresRepeats: false,
      red: [failing, refused],
      told: /Expected no acknowledgement while its effect fails|Expected a final answer/,
    },
  ],
  [
    'clients that cannot be closed',
    {
      fixture: 'closes-badly',
      ignoresRepeats: true,
      red: [terminated],
      told: /Expected the process to exit with 0 after SIGTERM, found 1/,
    },
  ],
]

const modules = join(import.meta.dirname, 'fixtures')

/** Message of each case that fails, by its name. */
async function verdicts(fixture: string, given: Given, only?: string, limit?: number) {
  const file = join(modules, `${fixture}.ts`)
  const { default: task } = await import(file)
  const trial = await Trial.open(task, given, { file, ...(limit && { limit }) })
  const red = new Map<string, string>()
  for (const { name, run } of casesFor(task, given)) {
    if (only && name !== only) continue
    await run(trial).catch((error: Error) => {
      if (!(error instanceof Nonconformity)) throw error
      red.set(name, error.message)
    })
  }
  await trial.close()
  return red
}

test.each([
  ['its world ignores repeats', 'conforming', true],
  ['it repeats unknown effects and counts them', 'ledger-repeat', false],
  ['it leaves unknown effects', 'ledger-leave', false],
])(
  'a task passes all cases if %s',
  async (_why, fixture, ignoresRepeats) => {
    expect(await verdicts(fixture, givenTo(ignoresRepeats))).toEqual(new Map())
  },
  120_000,
)

test.each(defects)(
  'the suite finds %s',
  async (_defect, { fixture, ignoresRepeats, red, told }) => {
    const found = await verdicts(fixture, givenTo(ignoresRepeats))
    expect([...found.keys()]).toEqual(red)
    for (const message of found.values()) expect(message).toMatch(told)
  },
  120_000,
)

test('the suite finds that a task forgets what it has acknowledged', async () => {
  const given = { ...givenTo(true), defers: true }
  const found = await verdicts('defers-in-memory', given, killed, 3000)
  expect([...found.values()]).toEqual([
    expect.stringMatching(/Expected 1 events after the event was acknowledged, found 0/),
  ])
}, 120_000)
