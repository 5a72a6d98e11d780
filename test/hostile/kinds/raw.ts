// Bytes that are not HTTP, HTTP with mistakes, and valid HTTP that no client sends.

import { kindsOf } from '../kind.ts'
import { raw, submit, validBody } from '../message.ts'
import { ascii, bytes, mutated, text } from '../random-parts.ts'

const start = 'POST /forms/all HTTP/1.1'
const host = 'Host: a'
const type = 'Content-Type: application/json'
const close = 'Connection: close'
const length = `Content-Length: ${validBody.length}`
const head = [start, host, type, close]
const chunked = 'Transfer-Encoding: chunked'

export default kindsOf('endpoint', {
  'random bytes': (random) => bytes(random, 400),
  'random text': (random) => `${text(random, 20)}\r\n\r\n`,
  'a TLS greeting': (random) =>
    Buffer.concat([Buffer.from('160301020001', 'hex'), bytes(random, 300)]),
  'the connection preface of HTTP/2': (random) =>
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${bytes(random, 30)}`,
  'an odd method': (random) => raw([`${ascii(random)} /forms/all HTTP/1.1`, host, close]),
  'a method in lower case': (random) =>
    raw([`${random.pick(['post', 'Get', 'options'])} /forms/all HTTP/1.1`, host, close]),
  'an odd version': (random) =>
    raw([
      `POST /forms/all ${random.pick(['HTTP/0.9', 'HTTP/1.2', 'HTTP/9.9', 'HTCPCP/1.0', 'HTTP/1.1 HTTP/1.1', ''])}`,
      host,
    ]),
  'HTTP/1.0': (random) =>
    raw(['POST /forms/all HTTP/1.0', type, random.pick([length, chunked, 'X: y'])], validBody),
  'an odd target': (random) =>
    raw([
      `${random.pick(['GET', 'POST', 'OPTIONS'])} ${random.pick(['*', 'http://a/forms/all', 'a:80', '//a/b', '?', '#', 'http://[', 'ftp://x/y', ascii(random)])} HTTP/1.1`,
      host,
      close,
    ]),
  CONNECT: (random) =>
    raw([`CONNECT ${random.pick(['a:443', '/', '*', ascii(random)])} HTTP/1.1`, host]),
  'an upgrade': (random) =>
    raw(
      [...head, length, `Upgrade: ${random.pick(['websocket', 'h2c', ascii(random)])}`],
      validBody,
    ),
  'an Expect': (random) =>
    raw(
      [...head, length, `Expect: ${random.pick(['100-continue', '200-ok', ascii(random)])}`],
      validBody,
    ),
  'an odd header': (random) =>
    raw(
      [
        ...head,
        length,
        random.pick([
          ': x',
          'X',
          'X Y: z',
          'X\0: y',
          `X: ${text(random)}`,
          `${text(random)}: x`,
          ' X: y',
          'X: a\r\n b',
        ]),
      ],
      validBody,
    ),
  'a header twice': (random) =>
    raw(
      [
        ...head,
        length,
        random.pick([
          host,
          type,
          length,
          'Content-Length: 3',
          `${chunked}\r\n${chunked}`,
          'Idempotency-Key: a\r\nIdempotency-Key: b',
          'Content-Encoding: identity\r\nContent-Encoding: gzip',
        ]),
      ],
      validBody,
    ),
  'no Host header': () => raw([start, type, close, length], validBody),
  'long headers': (random) =>
    raw([...head, length, `X: ${'x'.repeat(random.below(40_000))}`], validBody),
  'many headers': (random) =>
    raw(
      [...head, length, ...Array.from({ length: random.below(3000) }, (_, n) => `x${n}: y`)],
      validBody,
    ),
  'a wrong length': (random) =>
    raw(
      [
        ...head,
        `Content-Length: ${random.pick(['-1', '+5', '0x5', '5,5', '1e1', '99999999999999999999', ' ', '5 5', '', '3.0', '4', '400'])}`,
      ],
      validBody,
    ),
  'an odd transfer encoding': (random) =>
    raw(
      [
        ...head,
        `Transfer-Encoding: ${random.pick(['identity, chunked', 'chunked, identity', 'gzip, chunked', 'xchunked', 'chunked;q=1', '\tchunked', 'CHUNKED', ''])}`,
      ],
      `c\r\n${validBody}\r\n0\r\n\r\n`,
    ),
  'a length and chunks': () => raw([...head, length, chunked], `c\r\n${validBody}\r\n0\r\n\r\n`),
  'odd chunks': (random) =>
    raw(
      [...head, chunked],
      `${random.pick(['c', '0c', 'C;a=b', '-c', '0xc', 'ffffffffffffffffff', 'c ', 'g', '', '3'])}\r\n${validBody}\r\n${random.pick(['0\r\n\r\n', '0\r\nX: y\r\n\r\n', '', '0\r\nContent-Length: 3\r\n\r\n'])}`,
    ),
  TE: (random) =>
    raw(
      [
        ...head,
        length,
        `TE: ${random.pick(['identity, chunked', 'trailers', 'gzip;q=0.5', ascii(random)])}`,
      ],
      validBody,
    ),
  'pipelined requests': (random) =>
    Array.from({ length: 2 + random.below(8) }, (_, n) =>
      raw([start, host, type, `${length}${n > 6 ? '\r\nX: y' : ''}`], validBody),
    ).join(''),
  'a request followed by random bytes': (random) =>
    Buffer.concat([Buffer.from(raw([start, host, type, length], validBody)), bytes(random, 40)]),
  'a request that ends early': (random) => {
    const request = submit(validBody)
    return request.subarray(0, random.below(request.length))
  },
  'a request that never ends': (random) => {
    const request = submit(validBody)
    return { message: request.subarray(0, random.below(request.length)), open: true }
  },
  'changed bytes in a request': (random) => mutated(random, submit(validBody)),
  'bare line feeds': () => raw([...head, length], validBody).replaceAll('\r\n', '\n'),
})
