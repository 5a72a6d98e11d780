// Hostile form files: the number and length of their problems are bounded, and so is the time to find them.
import { describe, expect, test } from '@jest/globals'
import { problemsIn } from '../form.fixture.ts'

/** CPU time of this process in ms, which does not depend on other processes. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('')
const fields = (count: number, field: (n: number) => string): string =>
  `title: A\nfields:\n${lines(count, (n) => `  f${n}: ${field(n)}\n`)}`
const head = 'title: A\nfields:\n  a: { type: text }\n'

/** Each repeats something thousands of times, within 256 KiB. */
const files: Record<string, string> = {
  'unknown keys': head + lines(15_000, (n) => `k${n}: 1\n`),
  'unknown keys that fit': head + lines(8_000, (n) => `k${n}: 1\n`),
  'unknown keys of a field': `title: A\nfields:\n  a:\n    type: text\n${lines(8_000, (n) => `    k${n}: 1\n`)}`,
  'unknown keys in brackets': `{${lines(12_000, (n) => `k${n}: 1,`)}}`,
  'unknown tasks': `${head}tasks:\n${lines(8_000, (n) => `  t${n}: {}\n`)}`,
  'too many fields': fields(8_000, () => '1'),
  'numbers for choices': fields(
    1,
    () => `{ type: choice, options: [${lines(20_000, (n) => `${n},`)}] }`,
  ),
  'one choice again and again': fields(
    40,
    () => `{ type: choice, options: [${'a,'.repeat(500)}] }`,
  ),
  'wrong values of many fields': fields(
    200,
    () => '{ type: number, min: x, max: y, z: 1, label: [], help: 3 }',
  ),
  anchors: `x:\n${lines(9_000, (n) => `  - &a${n} 1\n`)}y:\n${lines(9_000, (n) => `  - *a${n}\n`)}`,
  'one alias': `a: &a 1\nb:\n${lines(20_000, () => '  - *a\n')}`,
  'a list behind aliases': `a: &a [${'1,'.repeat(15_000)}]\ntitle: [${'*a,'.repeat(15)}]\nfields: *a\n`,
  'aliases that grow': lines(
    30,
    (n) => `a${n}: &a${n} [${n === 0 ? '1' : `*a${n - 1},*a${n - 1}`}]\n`,
  ),
  'unknown aliases': `b:\n${lines(20_000, (n) => `  - *a${n}\n`)}`,
  tags: lines(15_000, (n) => `a${n}: !t${n} 1\n`),
  directives: '%YAML 1.2\n'.repeat(20_000),
  'one key again and again': 'title: A\n'.repeat(12_000),
  merges: '<<: 1\n'.repeat(12_000),
  'keys that are lists': '? [1,2]\n: 1\n'.repeat(8_000),
  'keys of nothing': '?\n'.repeat(40_000),
  'brackets within brackets': '['.repeat(100_000),
  'braces within braces': `a: ${'{a: '.repeat(50_000)}`,
  'dashes on a line': '- '.repeat(100_000),
  'colons on a line': 'a: '.repeat(80_000),
  'deeper and deeper': lines(700, (n) => `${' '.repeat(n)}a:\n`),
  'dashes on lines': '-\n'.repeat(45_000),
  commas: `[${','.repeat(90_000)}`,
  'quotation marks': '"'.repeat(180_000),
  'comments between': '# a\na: 1\n'.repeat(10_000),
  documents: 'a\n---\n'.repeat(30_000),
  'a long key': `${'k'.repeat(250_000)}: 1\n`,
  'a long word': `title: ${'k'.repeat(250_000)}\nfields: 1\n`,
  'a long type': `title: A\nfields:\n  a: { type: ${'k'.repeat(250_000)} }\n`,
  'a long path': `title: A\npath: ${'/a'.repeat(120_000)}\nfields:\n  a: { type: text }\n`,
  'large patterns': fields(200, () => `{ type: text, pattern: '${'[a-z]{0,999}'.repeat(41)}' }`),
  'patterns of large classes': fields(
    200,
    () => `{ type: text, pattern: '${'[\\p{L}\\p{M}]'.repeat(38)}' }`,
  ),
}

describe.each(Object.entries(files))('a file of %s', (_what, text) => {
  test('is refused with few problems, within seconds', () => {
    expect(text.length).toBeLessThanOrEqual(256 * 1024)
    let problems: string[] = []
    // Without the limits some took 25 s.
    expect(cpuMs(() => (problems = problemsIn(text)))).toBeLessThan(5_000)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(21)
    for (const problem of problems) expect(problem.length).toBeLessThan(2_000)
  })
})

test('thousands of numbers in place of text are accepted as they are written', () => {
  const options = lines(400, (n) => `${n},`)
  let problems = ['not read']
  const text = fields(50, () => `{ type: choice, options: [${options}] }`)
  expect(cpuMs(() => (problems = problemsIn(text)))).toBeLessThan(5_000)
  expect(problems).toEqual([])
})

test('beyond 20 problems only their number is reported', () => {
  const problems = problemsIn(head + lines(8_000, (n) => `k${n}: 1\n`))
  expect(problems).toHaveLength(21)
  expect(problems[0]).toBe(
    'forms/a.yaml:4: k0: expected one of title, path, page, origins, protect, receipt, fields, tasks, tests, found "k0"',
  )
  expect(problems[20]).toBe('forms/a.yaml:23: and 7980 more')
})

test('a file over a limit of YAML is refused with the line', () => {
  const deep = `title: A\nfields: ${'['.repeat(60)}\n`
  expect(problemsIn(deep)).toEqual([
    'forms/a.yaml:2: expected values that are nested at most 50 deep, found: more',
  ])
  expect(problemsIn(lines(50, (n) => `a${n}: &a${n} 1\n`))).toEqual([
    'forms/a.yaml:41: expected at most 40 anchors, aliases and tags, found: more',
  ])
  expect(problemsIn('a: a\n'.repeat(30_000))).toEqual([
    expect.stringMatching(
      /^forms\/a.yaml:\d+: expected at most 100000 words and marks, found: more$/,
    ),
  ])
  expect(problemsIn('title: A\ntitle: B\n? [a]\n: b\n')).toEqual([
    'forms/a.yaml:2: expected each key once, found: "title" twice',
    'forms/a.yaml:3: expected keys that are words, found: another value as a key',
  ])
})

describe.each([
  ['in brackets', (count: number) => ` [${lines(count, (n) => `o${n}, `)}]`],
  ['of dashes', (count: number) => lines(count, (n) => `\n      - o${n}`)],
])('a list %s', (_, list) => {
  const options = (count: number, of = 10) =>
    fields(of, () => `\n    type: choice\n    options:${list(count)}`)

  test('that is far too long is refused before the file is parsed', () => {
    expect(problemsIn(options(2_001, 1))).toEqual([
      expect.stringMatching(/:\d+: expected at most 2000 entries of one list, found: more$/),
    ])
  })

  test('that is a little too long is refused with its field; ten of the largest length are accepted', () => {
    expect(problemsIn(options(501))[0]).toMatch(
      /: fields.f0.options: expected at most 500 entries, found a list$/,
    )
    expect(problemsIn(options(500))).toEqual([])
  })
})

/** The same numbers each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const good = `title: Feedback
path: /feedback/
fields:
  name: { type: text, label: Name, max: 100 }
  code: { type: text, pattern: '[A-Z]{3}\\d{4}', message: Three letters }
  day: { type: date, min: 2024-01-01 }
  kind:
    type: multi-choice
    options: [007, true, "no", other]
tasks: {}
`
const pieces = [
  '&a ',
  '*a',
  '? ',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '|\n',
  '>\n',
  '#',
  '!t ',
  '%',
  '---\n',
  '\t',
  '\n',
  '\r',
  '  ',
  '<<: ',
  '~',
  'null',
  '0x1F',
  '1e9',
  '9'.repeat(400),
  'k'.repeat(2_000),
  '\u0000',
  '\ud800',
  '\u2028',
  '{0,999}',
  '(?:',
  '\\p{L}',
]

function mutated(random: () => number): string {
  let text = good
  const below = (limit: number) => Math.floor(random() * limit)
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const [at, length] = [below(text.length), below(20)]
    const piece = (pieces[below(pieces.length)] ?? '').repeat(random() < 0.05 ? 500 : 1)
    const moved = random() < 0.3 ? text.slice(below(text.length)).slice(0, 80) : piece
    text = text.slice(0, at) + moved + text.slice(random() < 0.5 ? at : at + length)
  }
  return text
}

test('a randomly changed file is accepted or refused: nothing is thrown, and none takes long', () => {
  const random = numbers(20261127)
  let accepted = 0
  for (let round = 0; round < 500; round++) {
    const text = mutated(random)
    let problems: string[] = []
    const took = cpuMs(() => (problems = problemsIn(text)))
    if (problems.length === 0) accepted += 1
    // On failure, shows the text.
    expect(took < 2_000 && problems.length <= 21 ? '' : text).toBe('')
  }
  // Both must happen, otherwise the changes are too small or too large.
  expect(accepted).toBeGreaterThan(2)
  expect(accepted).toBeLessThan(400)
})

test('quoted keys and values are cut between characters, and marks of direction are escaped', () => {
  const problems = problemsIn(
    `${head}"${'x'.repeat(59)}${'😀'.repeat(90)}\u202e": "${'y'.repeat(58)}😀😀"\n`,
  )
  const text = JSON.stringify(problems)
  expect(problems).not.toEqual([])
  expect([/\\ud[89a-f]/.test(text), text.includes('\u202e')]).toEqual([false, false])
})

test('a repeated key is cut between characters, and marks of direction are escaped', () => {
  const key = `"${'x'.repeat(59)}😀😀\u202e"`
  const text = JSON.stringify(problemsIn(`${head}${key}: 1\n${key}: 2\n`))
  expect(text).toContain('twice')
  expect([/\\ud[89a-f]/.test(text), text.includes('\u202e')]).toEqual([false, false])
})
