// Random texts, written by Node's own FormData and URLSearchParams, are read as they were.
import { expect, test } from '@jest/globals'
import { answersIn } from './form-answers.ts'
import { partsIn } from './multipart.ts'
import { pairsIn } from './urlencoded.ts'

// What has a meaning in one of the formats, and characters of one to four bytes.
const alphabet = [
  ...'ab &=%+;:"\'\\-\r\n\t\0[]é–中😀\u0301\ufeff\u2028',
  '--',
  '\r\n--',
  '%41',
  '\r\n\r\n',
]

/** The same texts in each run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function texts(count: number): string[] {
  let state = 1
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return Array.from({ length: count }, () =>
    Array.from({ length: below(12) }, () => alphabet[below(alphabet.length)]).join(''),
  )
}

const named = texts(2_000).map((text, n): [string, string] => [`n${n}`, text])

test('urlencoded', () => {
  const body = Buffer.from(new URLSearchParams(named).toString())
  expect(answersIn(pairsIn(body), undefined)).toEqual(Object.fromEntries(named))
})

test('multipart, in which line ends become CR LF', async () => {
  const data = new FormData()
  for (const [name, text] of named) data.append(name, text)
  const request = new Request('http://a', { method: 'POST', body: data })
  const body = Buffer.from(await request.arrayBuffer())
  const answers = answersIn(partsIn(body, request.headers.get('content-type') ?? ''), undefined)
  const expected = named.map(([name, text]) => [name, text.replace(/\r\n|\r|\n/g, '\r\n')])
  expect(answers).toEqual(Object.fromEntries(expected))
})
