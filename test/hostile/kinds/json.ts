// Bodies of JSON, or of something close to it.

import { kindsOf } from '../kind.ts'
import { submit } from '../message.ts'
import { bytes, json, mutated, number, text } from '../random-parts.ts'

const validAnswers =
  '{"text":"a","number":1.5,"multi_choice":["a","b"],"date":"2026-01-01","boolean":true}'

export default kindsOf('endpoint', {
  'JSON that ends early': (random) =>
    submit(validAnswers.slice(0, random.below(validAnswers.length))),
  'JSON with changed bytes': (random) => submit(mutated(random, validAnswers)),
  'JSON of any shape': (random) => submit(json(random, 5)),
  'answers of any shape': (random) =>
    submit(
      `{"text":${json(random)},"${random.pick(['number', 'date', 'multi_choice', 'x'])}":${json(random)}}`,
    ),
  'nested lists': (random) => {
    const depth = random.below(30_000)
    return submit(`{"text":${'['.repeat(depth)}${random.pick(['', ']'.repeat(depth)])}}`)
  },
  'nested objects': (random) => {
    const depth = random.below(10_000)
    return submit(`{"text":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)
  },
  'names of prototype properties': (random) =>
    submit(
      `{"text":"a",${random.pick(['"__proto__":{"a":1}', '"\\u005f_proto__":{"a":1}', '"constructor":{"prototype":{"a":1}}', '"toString":1', '"hasOwnProperty":"x"', '"a":{"__proto__":{}}', '"then":1', '"toJSON":1'])}}`,
    ),
  'a key twice': (random) =>
    submit(
      `{"text":"a",${random.pick(['"text":"b"', '"t\\u0065xt":"b"', '"text" :"b"', '"number":1,"number":1', '"_x":1,"_x":2'])}}`,
    ),
  'odd Unicode': (random) =>
    submit(
      `{"text":"${random.pick(['\\ud800', '\\udfff\\ud800', '\\u0000', '\\u202e', '\\ufeff', '\\uffff', '\u2028', '\ufffe', '\\x', '\\u12'])}${JSON.stringify(text(random)).slice(1, -1)}"}`,
    ),
  'bytes that are not UTF-8': (random) =>
    submit(Buffer.concat([Buffer.from('{"text":"'), bytes(random, 30), Buffer.from('"}')])),
  'another encoding': (random) =>
    submit(
      random.pick([
        Buffer.from(validAnswers, 'utf16le'),
        Buffer.from(`\ufeff${validAnswers}`),
        Buffer.from('{"text":"é"}', 'latin1'),
      ]),
    ),
  'odd numbers': (random) =>
    submit(`{"text":${number(random)},"number":${number(random)},"integer":${number(random)}}`),
  'a body that is not an object': (random) =>
    submit(
      random.pick([
        '',
        ' ',
        'null',
        '[]',
        '0',
        '"a"',
        'true',
        '[{"text":"a"}]',
        '\0',
        'NaN',
        "{'text':1}",
        '{text:1}',
        '{"text":"a",}',
        '{"text":"a"}{}',
        '/**/{}',
      ]),
    ),
  'many keys': (random) =>
    submit(
      `{"text":"a"${Array.from({ length: random.below(4000) }, (_, n) => `,"${random.pick(['n', '_n', 'utm_'])}${n}":1`).join('')}}`,
    ),
  'long keys': (random) =>
    submit(
      `{"text":"a","${text(random, 3)
        .replace(/[^a-z]/g, 'x')
        .repeat(200)}${'😀'.repeat(random.below(100))}":1}`,
    ),
  'much white space': (random) =>
    submit(
      `${' \n\t\r'.repeat(random.below(5000))}{${' '.repeat(random.below(5000))}"text" :\n"a"}`,
    ),
})
