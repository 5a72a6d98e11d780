// Well-formed JSON with an answer that does not fit its field.
import type { Random } from '../../sheets/random.ts'
import { badRequests } from '../kind.ts'
import { submit } from '../message.ts'
import { number } from '../random-parts.ts'

const wrong = (field: string, value: unknown): Buffer =>
  submit(JSON.stringify({ text: 'a', [field]: value }))
const oneOf = (field: string, values: unknown[]) => (random: Random) =>
  wrong(field, random.pick(values))

const otherKinds = [true, [], ['a'], {}, { a: 1 }, [null], [[]]]

export default badRequests({
  'no answers': (random) =>
    submit(random.pick(['{}', '{"text":null}', '{"text":""}', '{"_key":"a"}'])),
  'an answer that nobody sees': (random) =>
    submit(
      JSON.stringify({
        text: random
          .pick(['\0', '\u200b', '\u2800', '\u3164 ', '\ufeff', '\t\n', '\u202e'])
          .repeat(1 + random.below(9)),
      }),
    ),
  'a text of another kind': oneOf('text', otherKinds),
  'a text that is too long': (random) => wrong('text', 'é'.repeat(501 + random.below(4_000))),
  'lines that are too long': (random) =>
    wrong('multiline', '😀'.repeat(10_001 + random.below(3_000))),
  'a number that is none': oneOf('number', [
    'ten',
    '0x10',
    'NaN',
    'Infinity',
    '1,000',
    '٣x',
    '1e999',
    ...otherKinds,
  ]),
  'a number out of its range': (random) =>
    submit(`{"text":"a","number":-1000001${random.below(1e6)}}`),
  'a whole number with decimals': (random) => wrong('integer', random.below(1e6) + 0.5),
  'an extreme number': (random) =>
    submit(
      `{"text":"a","integer":${random.pick(['1e400', '-1e400', '1'.repeat(400), '9007199254740993'])},"number":${number(random)}}`,
    ),
  'a choice that is not offered': oneOf('choice', [
    'A',
    'c',
    'a,b',
    'a\0b',
    "a' OR '1'='1",
    0,
    ...otherKinds,
  ]),
  'choices that are not offered': oneOf('multi_choice', [
    ['c'],
    ['a', 'a'],
    ['a', 'b', 'a'],
    'a,b',
    [['a']],
    [{}],
    { 0: 'a' },
  ]),
  'neither true nor false': oneOf('boolean', ['yes', 'TRUE', 1, 0, '1', [], {}]),
  'a date that does not exist': oneOf('date', [
    '2023-02-29',
    '2024-13-01',
    '0000-00-00',
    '1999-12-31',
    '2024-1-1',
    '01/02/2024',
    '2024-02-29T00:00:00Z',
    20240229,
    [],
    {},
  ]),
  'an address of no mailbox': oneOf('email', [
    'a',
    'a@',
    '@b.de',
    'a@b',
    'a b@c.de',
    'a@b..de',
    'a@b@c.de',
    'a@1.2.3.4',
    'a@[127.0.0.1]',
    '"<script>"@b.de',
    'a@b.de\r\nBcc: c@d.de',
    `${'a'.repeat(65)}@b.de`,
    `a@${'b'.repeat(300)}.de`,
    'a@b.de,c@d.de',
    [],
  ]),
  'a number of no phone': oneOf('phone', [
    'call me',
    '123',
    '+91 000',
    '9'.repeat(40),
    '+',
    "7004465984' --",
    '+1-800-FLOWERS',
    [],
    {},
  ]),
  'an address that runs code': oneOf('url', [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,a',
    'vbscript:a',
    'file:///etc/passwd',
    'ftp://a.de/',
    '//evil.example',
    'gopher://a',
    'http://',
    'http://a@b.de/',
    'https://a.de/ b',
    'https://a.de/"onload=',
    'https://a.de/<b>',
    'http://[::1',
    `https://a.de/${'a'.repeat(2_100)}`,
  ]),
})
