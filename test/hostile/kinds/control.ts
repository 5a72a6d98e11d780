// Odd requests to the control port of a running instance.

import { kindsOf } from '../kind.ts'
import { message } from '../message.ts'
import { ascii } from '../random-parts.ts'

const names = [
  'nothing',
  'validation',
  '__proto__',
  'constructor',
  '..%2f..',
  '%00',
  '%zz',
  'a'.repeat(120),
]

export default kindsOf('sink', {
  'topics that are not declared': (random) =>
    message({
      method: random.pick(['GET', 'POST', 'HEAD']),
      path: `/topics/${random.pick(names)}${random.pick(['', '/records', '?from=earliest', '?from=x'])}`,
    }),
  'records of a topic': (random) =>
    message({ method: 'GET', path: `/topics/forms.refused/records?${ascii(random)}` }),
  'tasks that do not exist': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: `/${random.pick(['ticks', 'deliveries', 'functions', 'replay', 'lag'])}/${random.pick(names)}${random.pick(['', '/metrics', '/..%2f..'])}`,
    }),
  'a replay of unknown tasks': (random) =>
    message({
      path: `/replay?task=${random.pick(names)}&discard=${random.pick(names)}&dryRun=${random.pick(['true', 'x'])}`,
    }),
})
