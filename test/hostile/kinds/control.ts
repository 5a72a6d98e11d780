// What commands ask a running instance for, asked by somebody else.
import { ascii } from '../chance.ts'
import { kindsOf } from '../kind.ts'
import { message } from '../message.ts'

const ids = [
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
      path: `/topics/${random.pick(ids)}${random.pick(['', '/records', '?from=earliest', '?from=x'])}`,
    }),
  'records of a topic': (random) =>
    message({ method: 'GET', path: `/topics/forms.refused/records?${ascii(random)}` }),
  'tasks that are not there': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: `/${random.pick(['ticks', 'deliveries', 'functions', 'replay', 'lag'])}/${random.pick(ids)}${random.pick(['', '/metrics', '/..%2f..'])}`,
    }),
  'a replay of nothing': (random) =>
    message({
      path: `/replay?task=${random.pick(ids)}&discard=${random.pick(ids)}&dryRun=${random.pick(['true', 'x'])}`,
    }),
})
