import { expect, test } from '@jest/globals'
import { submissionValidated } from '#kafka/events.ts'
import { noEffects } from '#kit/effects/effects.ts'
import { demoForm, eventOf, silent } from '#kit/events.fixture.ts'
import { causeOf } from '#kit/follow-on-events.ts'
import task from './task.ts'

type Answers = Parameters<typeof submissionValidated>[0]['answers']

async function analysed(answers: Answers, fields = ['item1', 'item2']) {
  const event = eventOf(submissionValidated({ version: 'v', answers }))
  const drafts = await task.handle({
    event,
    cause: causeOf(event),
    form: demoForm(),
    options: { fields },
    clients: {},
    effects: noEffects,
    log: silent,
  })
  expect(drafts.map(({ of }) => of.type)).toEqual(['formstream.submission.analyzed'])
  expect(drafts[0]?.of.data.safeParse(drafts[0].data).success).toBe(true)
  return drafts[0]?.data
}

test('a finding has field, position, term and severity, and the text is masked', async () => {
  const data = await analysed({ item1: 'all is well', item2: 'what a shit day' })
  expect(data).toEqual({
    findings: [{ field: 'item2', start: 7, end: 11, term: 'shit', severity: 'strong' }],
    masked: { item2: 'what a s*** day' },
  })
})

test('all findings of all fields are listed, and masked texts keep their length', async () => {
  const answers = { item1: 'Shit! Sh1t.', item2: 'f*ck' }
  const data = await analysed(answers)
  expect(data?.findings.map(({ field, start, end }) => [field, start, end])).toEqual([
    ['item1', 0, 4],
    ['item1', 6, 10],
    ['item2', 0, 4],
  ])
  expect(data?.masked).toEqual({ item1: 'S***! S***.', item2: 'f***' })
})

test('without findings the event has empty lists', async () => {
  expect(await analysed({ item1: 'Ann Cox from Scunthorpe' })).toEqual({ findings: [], masked: {} })
})

test('only the fields that the form names are searched, and only their texts', async () => {
  const answers = { item1: 'shit', item2: 5, flag: true, list: ['shit'] }
  expect(await analysed(answers, ['item2', 'flag', 'list', 'absent', 'constructor'])).toEqual({
    findings: [],
    masked: {},
  })
})

test('the options are a list of at least one field', () => {
  const accepts = (options: unknown) => task.options.safeParse(options).success
  expect(accepts({ fields: ['item1'] })).toBe(true)
  for (const wrong of [{}, { fields: [] }, { fields: 'item1' }, { fields: ['a'], level: 1 }]) {
    expect([wrong, accepts(wrong)]).toEqual([wrong, false])
  }
})

test('with thousands of findings all are masked and the first 1,000 are listed, so that the event fits its topic', async () => {
  const data = await analysed({ item1: 'shit '.repeat(10_000), item2: 'shit' })
  expect(data?.findings).toHaveLength(1000)
  expect(data?.masked).toEqual({ item1: 's*** '.repeat(10_000), item2: 's***' })
  expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(2 ** 20 / 2)
})
