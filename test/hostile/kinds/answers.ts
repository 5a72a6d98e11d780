// Hostile answers to a field of each type.
import { readdirSync } from 'node:fs'
import type { Random } from '../../sheets/random.ts'
import { kindsOf, type Make } from '../kind.ts'
import { submit } from '../message.ts'
import { json, number, text } from '../random-parts.ts'

const folder = new URL('../../../functions/kit/forms/fields', import.meta.url)
const types = readdirSync(folder)
  .filter((file) => !file.includes('.test.'))
  .map((file) => file.slice(0, -'.ts'.length))

/** Values close to what each type accepts. Values far from it are generated. */
const closeValues: Record<string, string[]> = {
  boolean: ['true', 'false', '"on"', '"yes"', '1', '0', '"TRUE"', '[true]'],
  choice: ['"a"', '"A"', '" a "', '["a"]', '["a","b"]', '"__proto__"', '0'],
  date: [
    '"2026-02-29"',
    '"2024-02-29"',
    '"0000-00-00"',
    '"+010000-01-01"',
    '"2026-1-1"',
    '"2026-01-01T00:00:00Z"',
    '"２０２６-01-01"',
    '20260101',
  ],
  email: [
    '"a@b.de"',
    '"a@b"',
    '"a@bücher.de"',
    '"\\"a b\\"@c.de"',
    '"a@[127.0.0.1]"',
    `"${'a'.repeat(64)}@${'b'.repeat(63)}.de"`,
    `"${'a@'.repeat(2000)}"`,
    '"a\\r\\nBcc: x@y.de"',
    `"a@${'b.'.repeat(500)}de"`,
  ],
  integer: ['1', '1.0', '1e3', '"007"', '9007199254740992', '-0', '"1_000"', '"१२"'],
  'multi-choice': [
    '["a"]',
    '["a","a"]',
    '[]',
    '"a"',
    '[["a"]]',
    '[null]',
    `[${'"a",'.repeat(5000)}"a"]`,
  ],
  multiline: [
    `"${'\\n'.repeat(20_000)}"`,
    `"${'a'.repeat(10_001)}"`,
    '"\\r\\n\\r"',
    `"${'😀'.repeat(5000)}"`,
    `"${'\\u0300'.repeat(5000)}"`,
  ],
  number: [
    '1.5',
    '"1,5"',
    '"1.5e3"',
    '"Infinity"',
    '"0b1"',
    '"½"',
    '"--1"',
    `"${'1'.repeat(5000)}"`,
  ],
  phone: [
    '"070044 65984"',
    '"+917004465984"',
    '"+1 (555) 0100;ext=5"',
    `"${'1'.repeat(5000)}"`,
    '"tel:+91"',
    '"٠٧٠٠٤٤٦٥٩٨٤"',
    '"+"',
  ],
  text: [
    '"a"',
    `"${'a'.repeat(501)}"`,
    '"=1+1"',
    '"a\\nb"',
    `"${'\\u200d'.repeat(499)}"`,
    '7',
    'true',
    '{}',
  ],
  url: [
    '"https://a.de"',
    '"javascript:alert(1)"',
    '"http://[::1"',
    '"https://a.de/%"',
    '"//a"',
    '"http://a:99999"',
    `"https://a.de/${'a'.repeat(5000)}"`,
    '"https://user:pw@a.de"',
    '"https://１２７.0.0.1/"',
    '"file:///etc/passwd"',
  ],
}

const answerOf = (random: Random, type: string): string => {
  const anyValue = random.pick([json(random), JSON.stringify(text(random, 8)), number(random)])
  return random.oneIn(3) ? anyValue : random.pick(closeValues[type] ?? [anyValue])
}

/** The name of the type's field in the form. */
const nameOf = (type: string): string => type.replace('-', '_')

const answerTo =
  (type: string): Make =>
  (random) => {
    const value = answerOf(random, type)
    return submit(type === 'text' ? `{"text":${value}}` : `{"text":"a","${nameOf(type)}":${value}}`)
  }

export default kindsOf('endpoint', {
  ...Object.fromEntries(types.map((type) => [`an answer of type ${type}`, answerTo(type)])),
  'answers to all fields': (random) =>
    submit(`{${types.map((type) => `"${nameOf(type)}":${answerOf(random, type)}`)}}`),
})
