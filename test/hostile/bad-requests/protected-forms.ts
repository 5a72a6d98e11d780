// Submissions to forms with a section `protect` that take none, or none of these.
import type { Random } from '../../sheets/random.ts'
import { badRequests } from '../kind.ts'
import { message } from '../message.ts'
import { ascii } from '../random-parts.ts'

const send = (form: string, random: Random, more = ''): Buffer =>
  message({
    path: `/forms/${form}`,
    body: `text=a${more}`,
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', random.pick(['text/html', '*/*'])],
      ['X-Forwarded-For', `10.0.0.${random.below(256)}`],
    ],
  })

/** Stamps as a page has them, but of another time, another form or another installation. */
const stamp = (random: Random): string =>
  random.pick([
    ...[
      '',
      '0',
      '%00',
      '1700000000000',
      'e30.e30.e30',
      'a'.repeat(5_000),
      '_stamp',
      '[object Object]',
    ],
    `1700000000000.${'A'.repeat(43)}`,
    encodeURIComponent(ascii(random, 80)),
  ])

export default badRequests({
  'a submission to a closed form': (random) => send('closed', random),
  'a submission to a form that is not open yet': (random) => send('early', random),
  'a submission without a stamp': (random) => send('slow', random),
  'a forged stamp': (random) => send('slow', random, `&_stamp=${stamp(random)}`),
  'two stamps': (random) => send('slow', random, `&_stamp=${stamp(random)}&_stamp=a`),
})
