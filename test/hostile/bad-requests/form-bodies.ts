// Bodies of HTML forms, application/x-www-form-urlencoded.
import { badRequests } from '../kind.ts'
import { type Headers, message } from '../message.ts'
import { ascii, bytes, text } from '../random-parts.ts'

const media = 'application/x-www-form-urlencoded'

export const form = (body: string | Buffer, type: string = media, headers: Headers = []): Buffer =>
  message({ path: '/forms/all', body, headers: [['Content-Type', type], ...headers] })

/** Bytes of another encoding, or none. */
const notUtf8 = ['%ff', '%c0%af', '%e9', '%ed%a0%80', '%f8%88%80%80%80', '%80']

export default badRequests({
  'an encoding that nobody knows': (random) =>
    form(
      'text=a',
      `${media}; charset=${random.pick(['utf-7', 'utf-32', 'ebcdic', 'x-user', 'utf8mb4', `x${ascii(random, 8).replaceAll(/\W/g, '')}`])}`,
    ),
  'a field with an encoding that nobody knows': (random) =>
    form(
      `_charset_=${random.pick(['utf-7', 'utf-32', '..%2f', '%00', '__proto__', 'x'.repeat(3_000)])}&text=a`,
    ),
  'bytes of no text': (random) => form(`text=a${random.pick(notUtf8)}${random.below(99)}`),
  'bytes of no text in a name': (random) => form(`text=a&x${random.pick(notUtf8)}=1`),
  'raw bytes of no text': (random) =>
    form(Buffer.concat([Buffer.from('text=\xff', 'latin1'), bytes(random, 40)])),
  nothing: (random) =>
    form(
      random.pick([
        '',
        '&',
        '&&&',
        '=',
        '=a',
        'text',
        'text=',
        'text=+',
        'text=%00',
        'text=%e2%80%8b',
      ]),
    ),
  'a text twice': (random) => form(`text=a&text=${random.pick(['b', 'a', '%00c'])}`),
  'a text thousands of times': (random) =>
    form(Array.from({ length: 2_000 + random.below(20_000) }, () => 'text=a').join('&')),
  'thousands of names': (random) =>
    form(
      `text=a&${Array.from({ length: 500 + random.below(15_000) }, (_, n) => `n${n}=1`).join('&')}`,
    ),
  'names in brackets': (random) =>
    form(
      `text=a&${random.pick(['text[]=b', 'text[a]=b', 'a[__proto__][b]=1', 'constructor[prototype][a]=1', 'text.a=b', 'a[0][0][0]=1'])}`,
    ),
  'a name that objects have': (random) =>
    form(
      `text=a&${random.pick(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'])}=1`,
    ),
  'an unknown name': (random) =>
    form(`text=a&x${encodeURIComponent(text(random, 3).toWellFormed())}=1`),
  'a key that is none': (random) =>
    form(
      `text=a&_key=${random.pick(['%c3%a9', 'a%09b', '%00', 'a'.repeat(300), 'a&_key=b', 'a%0d%0aSet-Cookie: a'])}`,
    ),
  'an answer that does not fit': (random) =>
    form(
      `text=a&${random.pick(['number=ten', 'integer=1.5', 'choice=z', 'multi_choice=z', 'date=x', 'email=x', 'phone=x', 'url=javascript:a', 'boolean=yes'])}`,
    ),
  'an HTML form longer than the form takes': (random) =>
    form(`text=a&_pad=${'x'.repeat(300_000 + random.below(20_000))}`),
  'JSON that calls itself a form': (random) => form(`{"text":"a","n":${random.below(9)}}`),
})
