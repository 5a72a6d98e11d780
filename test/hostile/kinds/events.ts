// Hostile events, sent to a function, to the sink and to the dead-letter sink.
import type { Random } from '../../sheets/random.ts'
import { type Kind, kindsOf, type Make, type Target } from '../kind.ts'
import { type Headers, message } from '../message.ts'
import { ascii, bytes, json, mutated, text } from '../random-parts.ts'

const submitted = 'formstream.submission.submitted'
const data = '{"version":"v","answers":{"text":"a"}}'
const oddValue = (random: Random) =>
  random.pick([
    '',
    ' ',
    ascii(random),
    encodeURIComponent(text(random).toWellFormed()),
    'a'.repeat(20_000),
    '__proto__',
    '%zz',
    'null',
  ])

const attributes = (random: Random, changes: Record<string, string | undefined> = {}): Headers => {
  const all = {
    'ce-specversion': '1.0',
    'ce-id': `e-${random.below(1e9)}`,
    'ce-source': '/forms/all',
    'ce-type': submitted,
    'ce-subject': 's',
    'ce-time': '2026-01-01T00:00:00.000Z',
    'ce-form': 'all',
    'content-type': 'application/json',
    ...changes,
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
}

const structured = (random: Random, members: string) =>
  `{"specversion":"1.0","id":"e-${random.below(1e9)}","source":"/a","type":"${submitted}","time":"2026-01-01T00:00:00Z","form":"all",${members}}`
const structuredHeaders: Headers = [['content-type', 'application/cloudevents+json']]

const eventsTo = (path: string): Record<string, Make> => {
  const send = (headers: Headers, body: string | Buffer) => message({ path, headers, body })
  const names = [
    'ce-specversion',
    'ce-id',
    'ce-source',
    'ce-type',
    'ce-subject',
    'ce-time',
    'ce-form',
    'content-type',
    'ce-partitionkey',
    'ce-traceparent',
    'ce-dataschema',
    'ce-x',
    'ce-',
    'ce-__proto__',
    'ce-data',
    'ce-data_base64',
  ]
  return {
    'a valid event': (random) => send(attributes(random), data),
    'an odd attribute': (random) =>
      send(attributes(random, { [random.pick(names)]: oddValue(random) }), data),
    'an event without one of its attributes': (random) =>
      send(attributes(random, { [random.pick(names)]: undefined }), data),
    'an attribute twice': (random) =>
      send([...attributes(random), [random.pick(names), oddValue(random)]], data),
    'many attributes': (random) =>
      send(
        [
          ...attributes(random),
          ...Array.from(
            { length: random.below(900) },
            (_, n) => [`ce-a${n}`, 'x'.repeat(100)] as const,
          ),
        ],
        data,
      ),
    'data of any shape': (random) =>
      send(
        attributes(random),
        random.pick([
          json(random, 5),
          mutated(random, data),
          bytes(random, 200),
          '',
          `{"version":"v","answers":${json(random)}}`,
        ]),
      ),
    'a structured event': (random) =>
      send(
        structuredHeaders,
        structured(
          random,
          random.pick([
            `"data":${json(random)}`,
            '"data_base64":"e30="',
            `"data":${data}`,
            `"${ascii(random).replace(/["\\]/g, '')}":${json(random)}`,
          ]),
        ),
      ),
    'a structured event with changed bytes': (random) =>
      send(structuredHeaders, mutated(random, structured(random, `"data":${data}`))),
    'a batch of events': (random) =>
      send(
        [['content-type', 'application/cloudevents-batch+json']],
        `[${structured(random, `"data":${data}`)}${','.repeat(random.below(3))}]`,
      ),
    'a large event': (random) =>
      send(
        attributes(random),
        `{"version":"v","answers":{"text":"${'x'.repeat(random.pick([900_000, 1_048_000, 1_100_000]))}"}}`,
      ),
    'a request that is not an event': (random) =>
      send(
        [['content-type', random.pick(['', 'text/plain', 'application/json', ascii(random)])]],
        random.pick(['', bytes(random, 300), text(random, 20)]),
      ),
    'another method or path': (random) =>
      message({
        method: random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']),
        path: random.pick(['/', `/${ascii(random, 30)}`, '/health/liveness']),
        headers: attributes(random),
        body: data,
      }),
  }
}

const to = (target: Target, path: string): Kind[] =>
  kindsOf(target, eventsTo(path)).map((kind) => ({ ...kind, name: `to ${target}: ${kind.name}` }))

export default [
  ...to('validation', '/'),
  ...to('sink', '/topics/forms.validated'),
  ...to('dead-letter', '/'),
]
