import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import { defineEvent, defineTopic, type EventType } from '#kafka/define-event.ts'
import { compile } from '#kit/forms/form.fixture.ts'
import { baselineOf } from './baseline.ts'
import { findBreaks } from './breaks.ts'
import { incompatible } from './incompatible.ts'

const topic = defineTopic({ name: 'forms.sung', partitions: 1, retention: { days: 7, bytes: 1 } })
const other = defineTopic({
  name: 'forms.other',
  partitions: 1,
  retention: { days: null, bytes: 1 },
})
const sung = (data: z.ZodType, on = topic): EventType =>
  defineEvent('sung', { topic: on, summary: 'A song', data }) as EventType
const type = 'formstream.submission.sung'

const tasks = [{ name: 'choir', on: [sung(z.object({}))] }]
const readers = { tasks, topics: [topic, other] }

const eventBreaks = (before: EventType[], after: EventType[]) =>
  findBreaks(baselineOf(before, []), baselineOf(after, []), readers)

const song = z.object({ title: z.string(), key: z.string().optional() })

const newReaders = `new readers (choir): they refuse events written before, which forms.sung keeps for 7 days`
const deployed = `readers as they are deployed now (choir; other programs): they refuse or miss it in new events`

describe('events', () => {
  test.each([
    ['a new event', [], [sung(song)]],
    ['a new optional property', [sung(song)], [sung(song.extend({ verses: z.int().optional() }))]],
    ['a description', [sung(song)], [sung(song.describe('A song'))]],
  ])('%s breaks nobody', (_what, before, after) => {
    expect(eventBreaks(before, after)).toEqual([])
  })

  test('a new required property breaks new readers, who read old events', () => {
    const after = [sung(song.extend({ verses: z.int() }))]
    expect(eventBreaks([sung(song)], after)).toEqual([
      {
        subject: type,
        path: 'verses',
        change: 'presence now required, was absent',
        breaks: newReaders,
      },
    ])
  })

  test.each([
    ['required', 'title', song.omit({ title: true })],
    ['optional', 'key', song.omit({ key: true })],
  ])('a %s property that is removed breaks those who read it now', (was, path, data) => {
    expect(eventBreaks([sung(song)], [sung(data)])).toEqual([
      { subject: type, path, change: `presence now absent, was ${was}`, breaks: deployed },
    ])
  })

  test('another type breaks both', () => {
    const after = [sung(song.extend({ title: z.int() }))]
    expect(eventBreaks([sung(song)], after)).toEqual([
      { subject: type, path: 'title', change: 'type now integer, was string', breaks: newReaders },
      { subject: type, path: 'title', change: 'type now integer, was string', breaks: deployed },
    ])
  })

  test('a value that is added breaks those who read it now', () => {
    const key = (...values: string[]) => [sung(z.object({ key: z.enum(values) }))]
    expect(
      eventBreaks(key('C'), key('C', 'D')).map(({ change, breaks }) => [change, breaks]),
    ).toEqual([['values now "C", "D", was "C"', deployed]])
    expect(eventBreaks(key('C', 'D'), key('C')).map(({ breaks }) => breaks)).toEqual([newReaders])
  })

  test('an event that is removed, or moves to another topic, breaks those who read it', () => {
    const changes = [[], [sung(song, other)]].map((after) => eventBreaks([sung(song)], after))
    expect(changes.map(([one]) => one?.change)).toEqual([
      'removed',
      'topic now forms.other, was forms.sung',
    ])
  })
})

function form(fields: string, id = 'choir') {
  const compiled = compile(`title: Choir\nfields: { ${fields} }\n`, {}, `forms/${id}.yaml`)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.form
}

const formBreaks = (before: string, after: string): string[] =>
  findBreaks(baselineOf([], [form(before)]), baselineOf([], [form(after)]), readers).map(
    ({ path, change, breaks }) =>
      `${path}: ${change}; ${breaks.split(':')[0]?.split(' ').slice(0, 3).join(' ')}`,
  )

const sends = 'who sends the'
const reads = 'who reads its'

describe('forms', () => {
  const name = 'name: { type: text, max: 100 }'
  test.each([
    ['a new optional field', name, `${name}, voice: { type: text, required: false }`],
    ['a longer text', name, 'name: { type: text, max: 200 }'],
    [
      'another choice',
      'voice: { type: choice, options: [A] }',
      'voice: { type: choice, options: [A, B] }',
    ],
    ['a wider range', 'age: { type: integer, min: 18 }', 'age: { type: integer, min: 16 }'],
    ['another label', name, 'name: { type: text, max: 100, label: Your name }'],
  ])('%s breaks nobody', (_what, before, after) => {
    expect(formBreaks(before, after)).toEqual([])
  })

  test.each([
    [
      'a removed field',
      `${name}, voice: { type: text }`,
      name,
      [
        `voice: presence now absent, was required; ${sends}`,
        `voice: presence now absent, was required; ${reads}`,
      ],
    ],
    [
      'a new required field',
      name,
      `${name}, voice: { type: text }`,
      [`voice: presence now required, was absent; ${sends}`],
    ],
    [
      'a field that need not be answered any more',
      name,
      'name: { type: text, max: 100, required: false }',
      [`name: presence now optional, was required; ${reads}`],
    ],
    [
      'another type',
      'age: { type: integer }',
      'age: { type: boolean }',
      [
        `age: type now boolean, was integer; ${sends}`,
        `age: type now boolean, was integer; ${reads}`,
      ],
    ],
    [
      'a removed choice',
      'voice: { type: choice, options: [A, B] }',
      'voice: { type: choice, options: [A] }',
      [`voice: values now "A", was "A", "B"; ${sends}`],
    ],
    [
      'a shorter text',
      name,
      'name: { type: text, max: 50 }',
      [`name: maxLength now 50, was 100; ${sends}`],
    ],
    [
      'a narrower range',
      'age: { type: integer, min: 16, max: 99 }',
      'age: { type: integer, min: 18, max: 90 }',
      [`age: minimum now 18, was 16; ${sends}`, `age: maximum now 90, was 99; ${sends}`],
    ],
    [
      'a new pattern',
      name,
      'name: { type: text, max: 100, pattern: "[a-z]+" }',
      [`name: pattern now ^(?:[a-z]+)$, was no limit; ${sends}`],
    ],
  ])('%s is found, with whom it breaks', (_what, before, after, found) => {
    expect(formBreaks(before, after)).toEqual(found)
  })

  test('a form that is removed breaks those who send it', () => {
    const before = baselineOf([], [form(name)])
    const [found] = findBreaks(before, baselineOf([], []), readers)
    expect(found).toMatchObject({ subject: 'forms/choir.yaml', path: '', change: 'removed' })
  })
})

describe('an incompatible change', () => {
  const breaks = eventBreaks([sung(song)], [sung(song.omit({ title: true }))])

  test('is an error that says what breaks for whom, and what to do', () => {
    expect(incompatible(breaks, '# Changelog\n\n## Unreleased\n')).toBe(
      [
        'Expected schemas that are compatible with scripts/compatibility/baseline.yaml, found:',
        `  ${type} title: presence now absent, was required`,
        `    breaks ${deployed}`,
        'Keep them compatible (docs/compatibility.md), or name each change in an entry of CHANGELOG.md under Unreleased that has',
        `  \`${type}\` and \`title\``,
      ].join('\n'),
    )
  })

  const entry = `- \`${type}\` has no\n  \`title\` any more.\n`
  test.each([
    [
      'an entry under Unreleased',
      `# Changelog\n\n## Unreleased\n\n### Songs\n\n${entry}\n## 0.1.0\n`,
      true,
    ],
    [
      'an entry of an earlier release',
      `# Changelog\n\n## Unreleased\n\n- Other\n\n## 0.1.0\n\n${entry}`,
      false,
    ],
    ['two entries that name one part each', `## Unreleased\n\n- \`${type}\`\n- \`title\`\n`, false],
    ['an entry for another place', `## Unreleased\n\n- \`${type}\` has no \`key\`.\n`, false],
  ])('%s', (_what, changelog, accepted) => {
    expect(incompatible(breaks, changelog) === undefined).toBe(accepted)
  })
})

test('the baseline has no descriptions, and keeps a field that is named like one', () => {
  const { forms } = baselineOf([], [form('title: { type: text, help: Of the song }')])
  expect(forms.choir).toEqual({
    type: 'object',
    properties: { title: { type: 'string', minLength: 1, maxLength: 500 } },
    required: ['title'],
    additionalProperties: false,
  })
})
