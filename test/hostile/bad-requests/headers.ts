// Headers of requests: RFC 9110, section 5; RFC 9112, section 5; and headers that this endpoint reads.
import { badRequests } from '../kind.ts'
import { raw, validBody } from '../message.ts'
import { ascii, text } from '../random-parts.ts'

const start = 'POST /forms/all HTTP/1.1'
const host = 'Host: a'
const type = 'Content-Type: application/json'
const length = `Content-Length: ${validBody.length}`
const withHeader = (header: string): string =>
  raw([start, host, type, length, 'Connection: close', header], validBody)
/** Control characters end a header or are refused in it. */
const control = (code: number): string => String.fromCharCode(code)

export default badRequests({
  'a header without a name': (random) => withHeader(`: ${ascii(random)}`),
  'a header without a colon': (random) => withHeader(`X${ascii(random).replaceAll(':', '')}`),
  'a space in the name of a header': (random) =>
    withHeader(random.pick(['X : y', 'X Y: z', '\tX: y: z', 'X\t: y'])),
  'a control character in a header': (random) => {
    const code = control(1 + random.below(8))
    return withHeader(random.pick([`X: a${code}b`, `X${code}: a`]))
  },
  'a null byte in a header': (random) =>
    withHeader(random.pick(['X: a\0b', 'X\0: a', 'Idempotency-Key: a\0', 'Accept: \0'])),
  'a header over two lines': (random) =>
    withHeader(`X: a\r\n${random.pick([' ', '\t'])}b`).replace(host, `${host}\r\n b`),
  'a bare carriage return': (random) =>
    withHeader(`X: a\r${random.pick(['Y: b', 'Content-Length: 0', ''])}b`),
  'other letters in the name of a header': (random) =>
    withHeader(`${random.pick(['Ünï', '标题', 'X\u200b', '😀', 'X"Y"', '(X)', 'X@Y', 'X/Y'])}: a`),
  'no Host': () => raw([start, type, length, 'Connection: close'], validBody),
  'two Hosts': (random) => withHeader(`Host: ${random.pick(['a', 'evil.example', ''])}`),
  'a second Content-Type': (random) =>
    withHeader(`Content-Type: ${random.pick(['text/plain', 'application/json'])}`),
  'a second Idempotency-Key': () => withHeader('Idempotency-Key: a\r\nIdempotency-Key: b'),
  'an Idempotency-Key that is none': (random) =>
    withHeader(
      `Idempotency-Key: ${random.pick(['é', '😀', 'a\tb', 'a'.repeat(256 + random.below(500)), '\u202e'])}`,
    ),
  'an Expect that nobody can meet': (random) =>
    withHeader(`Expect: ${random.pick(['200-ok', '100-continued', `x${ascii(random)}`])}`),
  'a content coding': (random) =>
    withHeader(
      `Content-Encoding: ${random.pick(['gzip', 'br', 'zstd', 'deflate', 'aes128gcm', 'identity, gzip', `x${ascii(random)}`])}`,
    ),
  'a cookie of 16 KB': (random) =>
    withHeader(`Cookie: a=${'x'.repeat(16_384 + random.below(9_000))}`),
  'more headers than fit': (random) =>
    withHeader(
      Array.from({ length: 2_000 + random.below(1_000) }, (_, n) => `X-${n}: ${n}`).join('\r\n'),
    ),
  'a header longer than any': (random) =>
    withHeader(
      `${random.pick(['Accept', 'Origin', 'Referer', 'X-Forwarded-For', 'Accept-Language', 'traceparent'])}: ${'a,'.repeat(8_200 + random.below(9_000))}`,
    ),
  'headers that never end': (random) => ({
    message: `${start}\r\n${host}\r\nX: ${text(random).replaceAll(/[^\w]/g, '')}`,
    open: true,
  }),
})
