// Bodies of HTML forms, multipart/form-data: RFC 7578 and RFC 2046.
import type { Random } from '../../sheets/random.ts'
import { badRequests } from '../kind.ts'
import { ascii, bytes, text } from '../random-parts.ts'
import { form } from './form-bodies.ts'

const mark = 'XbX'
const media = `multipart/form-data; boundary=${mark}`

const part = (head: string, value: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`--${mark}\r\n${head}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ])
const named = (name: string, value: string | Buffer): Buffer =>
  part(`Content-Disposition: form-data; name="${name}"`, value)
const good = named('text', 'a')
const end = Buffer.from(`--${mark}--\r\n`)
const multipart = (parts: Buffer[], type = media): Buffer =>
  form(Buffer.concat([...parts, end]), type)
const file = (name: string, kind = 'text/plain'): string =>
  `Content-Disposition: form-data; name="text"; filename="${name}"\r\nContent-Type: ${kind}`

export default badRequests({
  'no boundary': (random) =>
    multipart(
      [good],
      random.pick([
        'multipart/form-data',
        'multipart/form-data; boundary',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary=""',
        'multipart/form-data;;',
      ]),
    ),
  'another boundary': (random) =>
    multipart([good], `multipart/form-data; boundary=${ascii(random, 30).replaceAll(/\W/g, 'a')}z`),
  'a boundary that is too long': (random) =>
    multipart([good], `multipart/form-data; boundary=${'b'.repeat(71 + random.below(5_000))}`),
  'another kind of multipart': (random) =>
    multipart(
      [good],
      `multipart/${random.pick(['mixed', 'related', 'byteranges', 'alternative', 'x-mixed-replace'])}; boundary=${mark}`,
    ),
  'a part without an end': (random) =>
    form(Buffer.concat([good, named('number', '1').subarray(0, 20 + random.below(20))]), media),
  'parts without an end': () => form(Buffer.concat([named('number', '1')]), media),
  'an empty multipart': (random) =>
    form(random.pick(['', `--${mark}--\r\n`, `--${mark}--`, '\r\n', 'preamble']), media),
  'a file': (random) =>
    multipart([
      part(
        file(
          random.pick([
            'a.txt',
            '../../etc/passwd',
            'a.php',
            'a\0.png',
            '..\\a',
            'CON',
            'a.svg',
            '.htaccess',
            '😀',
          ]),
        ),
        bytes(random, 200),
      ),
    ]),
  'a file beside the answers': (random) =>
    multipart([
      good,
      part(
        file('a.png', random.pick(['image/png', 'text/html', 'application/x-sh'])),
        bytes(random, 200),
      ),
    ]),
  'a part without a name': (random) =>
    multipart([
      part(
        random.pick([
          'Content-Disposition: form-data',
          'X: y',
          'Content-Disposition: attachment',
          'Content-Disposition: form-data; name=',
          '',
        ]),
        'a',
      ),
    ]),
  'parts within a part': (random) =>
    multipart([
      part(
        'Content-Disposition: form-data; name="email"\r\nContent-Type: multipart/mixed; boundary=c',
        `--c\r\n\r\n${text(random, 2)}\r\n--c--`,
      ),
    ]),
  'a name with line ends': (random) =>
    multipart([
      good,
      named(random.pick(['a\r\nX: y', 'a%0d%0ab', 'a"; filename="b', 'a\nb']), '1'),
    ]),
  'a long head of a part': (random) =>
    multipart([
      part(
        `X: ${'x'.repeat(20_000 + random.below(40_000))}\r\nContent-Disposition: form-data; name="number"`,
        'ten',
      ),
    ]),
  'thousands of parts': (random) =>
    multipart([
      good,
      ...Array.from({ length: 300 + random.below(2_000) }, (_, n) => named(`n${n}`, '1')),
    ]),
  'a text twice in parts': () => multipart([good, good]),
  'a part of bytes of no text': (random) =>
    multipart([named('text', Buffer.concat([Buffer.from([0xff]), bytes(random, 40)]))]),
  'a part in an encoding that nobody knows': (random) =>
    multipart([
      part(
        `Content-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset=${random.pick(['utf-7', 'x-none', 'utf-32'])}`,
        'a',
      ),
    ]),
  'an answer that does not fit, in a part': (random: Random) =>
    multipart([
      good,
      named(random.pick(['number', 'date', 'email', 'choice', 'unknown', 'constructor']), 'z'),
    ]),
  'a multipart longer than the form takes': (random) =>
    multipart([good, named('_pad', 'x'.repeat(300_000 + random.below(20_000)))]),
})
