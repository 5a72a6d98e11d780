// Valid HTTP with unusual methods, paths, headers and bodies.

import { kindsOf } from '../kind.ts'
import { message, post, submit, validBody } from '../message.ts'
import { ascii, text } from '../random-parts.ts'

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'PURGE',
]
const paths = [
  '/',
  '/forms',
  '/forms/',
  '/forms/all',
  '/all-form/',
  '/forms/all/schema.json',
  '/forms/none/schema.json',
  '/openapi.json',
  '/metrics',
  '/health/liveness',
  '/health/readiness',
  '/favicon.ico',
  '/forms/all/x/y',
]
const urlEncoded = (value: string) => encodeURI(value.toWellFormed())

export default kindsOf('endpoint', {
  'any method at any path': (random) =>
    message({
      method: random.pick(methods),
      path: random.pick(paths),
      body: random.pick(['', validBody]),
    }),
  'an odd path': (random) =>
    message({ method: random.pick(['GET', 'POST']), path: `/${ascii(random, 60)}` }),
  'an odd form id': (random) =>
    post(
      `/forms/${random.pick(['__proto__', 'constructor', '%00', '..%2f..%2fetc', '%zz', '%E0%A4%A', '..', '.', 'ALL', 'all%20', 'all;a=b', 'all.yaml', urlEncoded(text(random))])}${random.pick(['', '/', '/schema.json', '//'])}`,
      validBody,
    ),
  'a long path': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: `/forms/${'a'.repeat(190 + random.below(20_000))}${random.pick(['', '/schema.json'])}`,
    }),
  'a query': (random) =>
    post(
      `/forms/all?${urlEncoded(text(random, 8))}&a[]=1&__proto__[x]=1&a=${'&a='.repeat(random.below(2000))}`,
      validBody,
    ),
  'an odd content type': (random) =>
    message({
      path: '/forms/all',
      body: validBody,
      headers: [
        [
          'Content-Type',
          random.pick([
            '',
            'x',
            'application/json;',
            'application/json; charset=utf-16',
            'application/json;charset="',
            'APPLICATION/JSON',
            'application/jsonp',
            'text/json',
            'multipart/form-data',
            'application/json, text/plain',
            ascii(random),
            `a/${'b'.repeat(5000)}`,
          ]),
        ],
      ],
    }),
  'a content encoding': (random) =>
    submit(validBody, [
      [
        'Content-Encoding',
        random.pick(['gzip', 'br', 'identity', '', 'GZIP, identity', ascii(random)]),
      ],
    ]),
  'an idempotency key': (random) =>
    submit(validBody, [
      [
        'Idempotency-Key',
        random.pick([
          '',
          ' ',
          'a'.repeat(255),
          'a'.repeat(256),
          'é',
          '"x"',
          ascii(random),
          'a\tb',
          '5e27',
          '0190a000-0000-7000-8000-000000005e27',
          '0190a000-0000-7000-8000-000000000000',
        ]),
      ],
    ]),
  'a traceparent header': (random) =>
    submit(validBody, [
      [
        'traceparent',
        random.pick([
          '',
          '00',
          `00-${'0'.repeat(32)}-${'a'.repeat(16)}-01`,
          `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
          ascii(random, 200),
        ]),
      ],
    ]),
  'headers that frameworks read': (random) =>
    submit(validBody, [
      [
        random.pick([
          'Accept-Version',
          'X-HTTP-Method-Override',
          'X-Forwarded-For',
          'X-Forwarded-Host',
          'Forwarded',
          'Range',
          'If-None-Match',
          'Cookie',
          'Authorization',
          'Accept',
          'Accept-Encoding',
          'Origin',
          'Sec-Fetch-Site',
          'request-id',
          '__proto__',
          'constructor',
        ]),
        random.pick([
          '',
          '*',
          '1.x',
          'DELETE',
          '127.0.0.1',
          'bytes=0-',
          'a'.repeat(9000),
          ascii(random),
        ]),
      ],
    ]),
  'a body of some size': (random) =>
    submit(
      `{"text":"a","_pad":"${'x'.repeat(random.pick([0, 60_000, 65_400, 65_536, 66_000, 200_000, 1_050_000]))}"}`,
    ),
  'a body where none is expected': (random) =>
    message({
      method: random.pick(['GET', 'HEAD', 'DELETE', 'OPTIONS']),
      path: random.pick(paths),
      body: text(random, 20),
      headers: [['Content-Type', random.pick(['application/json', 'text/plain'])]],
    }),
})
