// Requests whose body has no certain end: RFC 9112, sections 6 and 7.
import { badRequests } from '../kind.ts'
import { raw, validBody } from '../message.ts'
import { ascii, bytes } from '../random-parts.ts'

const head = ['POST /forms/all HTTP/1.1', 'Host: a', 'Content-Type: application/json']
const chunked = [...head, 'Transfer-Encoding: chunked']
const chunk = `${validBody.length.toString(16)}\r\n${validBody}\r\n`
const end = '0\r\n\r\n'

export default badRequests({
  'a length that is no number': (random) => {
    const length = random.pick(['-1', '+5', '0x5', '1e1', '3.0', '5,', 'five', '٥', '"12"', '12;'])
    return raw([...head, `Content-Length: ${length}`], validBody)
  },
  'a length beyond all numbers': (random) =>
    raw([...head, `Content-Length: ${'9'.repeat(20 + random.below(200))}`], validBody),
  'two lengths': (random) =>
    raw([...head, 'Content-Length: 12', `Content-Length: ${random.below(100)}`], validBody),
  'lengths in a list': (random) =>
    raw([...head, `Content-Length: 12, ${random.below(100)}`], validBody),
  'a length and chunks': (random) => {
    const both = random.pick([
      ['Content-Length: 12', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 0'],
    ])
    return raw([...head, ...both], chunk + end)
  },
  'an unknown transfer coding': (random) => {
    const coding = random.pick(['identity', 'xchunked', 'gzip', 'chunked, gzip', 'chunked;q=1'])
    return raw([...head, `Transfer-Encoding: ${coding}`, 'Connection: close'], chunk + end)
  },
  'two transfer codings': (random) =>
    raw([...chunked, `Transfer-Encoding: ${random.pick(['chunked', 'identity'])}`], chunk + end),
  'a chunk size that is no number': (random) => {
    const size = random.pick([
      '-c',
      '0xc',
      'g',
      ' c',
      '+c',
      '"c"',
      'c,c',
      ascii(random, 3).concat('~'),
    ])
    return raw(chunked, `${size}\r\n${validBody}\r\n${end}`)
  },
  'a chunk size beyond all numbers': (random) =>
    raw(chunked, `${'f'.repeat(17 + random.below(60))}\r\n${validBody}\r\n${end}`),
  'a chunk of another size': (random) =>
    raw(
      chunked,
      `${(validBody.length + 1 + random.below(90)).toString(16)}\r\n${validBody}\r\n${end}`,
    ),
  'a chunk without its line end': () => raw(chunked, `c\r\n${validBody}${end}`),
  'chunks without an end': (random) => raw(chunked, chunk.slice(0, random.below(chunk.length))),
  'long chunk extensions': (random) =>
    raw(chunked, `c;${'a=b;'.repeat(5_000 + random.below(5_000))}\r\n${validBody}\r\n${end}`),
  'odd trailers': (random) =>
    raw(chunked, `${chunk}0\r\n${random.pick(['X', ' X: y', 'X Y: z', 'X\0: y'])}\r\n\r\n`),
  'a body that ends early': (random) =>
    raw([...head, `Content-Length: ${validBody.length + 1 + random.below(500)}`], validBody),
  'a body that never comes': (random) => ({
    message: raw([...head, `Content-Length: ${1 + random.below(500)}`]),
    open: true,
  }),
  'bare line feeds': () =>
    raw([...head, `Content-Length: ${validBody.length}`], validBody).replaceAll('\r\n', '\n'),
  'random bytes in place of chunks': (random) =>
    Buffer.concat([Buffer.from(raw(chunked)), Buffer.from('zz'), bytes(random, 300)]),
})
