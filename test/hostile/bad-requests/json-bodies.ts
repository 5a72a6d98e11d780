// Bodies that are no JSON, or JSON that is no set of answers: RFC 8259 and what attacks do with it.
import { badRequests } from '../kind.ts'
import { message, submit, validBody } from '../message.ts'
import { ascii, bytes, text } from '../random-parts.ts'

const chunkedPost = (body: string): string =>
  `POST /forms/all HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

export default badRequests({
  'another media type': (random) =>
    message({
      path: '/forms/all',
      body: validBody,
      headers: [
        [
          'Content-Type',
          random.pick([
            'text/plain',
            'text/xml',
            'application/xml',
            'application/csp-report',
            'application/jsonp',
            'application/octet-stream',
            'application/x-java-serialized-object',
            '*/*',
            'application',
            `a/${ascii(random).replaceAll(/\W/g, '')}`,
            'image/svg+xml',
          ]),
        ],
      ],
    }),
  'no media type': () => message({ path: '/forms/all', body: validBody }),
  'JSON in another charset': (random) => {
    const charset = random.pick(['utf-16', 'utf-7', 'latin1', 'utf-32', 'ibm037', 'utf-8x'])
    return message({
      path: '/forms/all',
      body: validBody,
      headers: [['Content-Type', `application/json; charset=${charset}`]],
    })
  },
  'JSON with a mistake': (random) =>
    submit(
      random.pick([
        '{',
        '{"text":"a"',
        '{"text":"a",}',
        '{text:"a"}',
        "{'text':'a'}",
        '{"text":a}',
        '{"text":"a"}{}',
        '{"text":"a"}]',
        '{"text":NaN}',
        '{"text":01}',
        '{"text":"\n"}',
        '{"text":"\\x"}',
        '/**/{"text":"a"}',
        '\0',
        '{"text":undefined}',
        `${ascii(random)}{`,
      ]),
    ),
  'JSON that is no object': (random) =>
    submit(
      random.pick([
        '',
        ' ',
        'null',
        '[]',
        '0',
        '-1',
        '"a"',
        'true',
        `[${validBody}]`,
        '[[]]',
        '"{}"',
      ]),
    ),
  'bytes that are not UTF-8': (random) =>
    submit(
      Buffer.concat([
        Buffer.from('{"text":"a\xff', 'latin1'),
        bytes(random, 30),
        Buffer.from('"}'),
      ]),
    ),
  'JSON in UTF-16': (random) => {
    const body = Buffer.from(`\ufeff${validBody}`, 'utf16le')
    return submit(random.oneIn(2) ? body : body.swap16())
  },
  'half of a surrogate pair': (random) =>
    submit(`{"text":"a${random.pick(['\\ud800', '\\udfff', '\\udc00\\ud800', '\\ud83dx'])}"}`),
  'a name twice': (random) =>
    submit(
      `{"text":"a",${random.pick(['"text":"b"', '"t\\u0065xt":"b"', '"text" : null', '"number":1,"number":2'])}}`,
    ),
  'a polluted prototype': (random) =>
    submit(
      `{"text":"a",${random.pick(['"__proto__":{"isAdmin":true}', '"\\u005f_proto__":{"a":1}', '"constructor":{"prototype":{"a":1}}', '"toString":"a"', '"hasOwnProperty":1', '"valueOf":{}', '"number":{"__proto__":{"a":1}}'])}}`,
    ),
  'answers within answers': (random) => {
    const depth = 600 + random.below(20_000)
    return submit(`{"text":${'['.repeat(depth)}${']'.repeat(depth)}}`)
  },
  'objects within objects': (random) => {
    const depth = 600 + random.below(8_000)
    return submit(`{"text":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)
  },
  'names of queries': (random) =>
    submit(
      `{"text":{${random.pick(['"$gt":""', '"$ne":null', '"$where":"sleep(9)"', '"$regex":".*"'])}}}`,
    ),
  'thousands of unknown names': (random) =>
    submit(
      `{"text":"a"${Array.from({ length: 1 + random.below(4_000) }, (_, n) => `,"n${n}":1`).join('')}}`,
    ),
  'an unknown name': (random) => submit(JSON.stringify({ text: 'a', [`x${text(random, 3)}`]: 1 })),
  'a body longer than the form takes': (random) =>
    submit(`{"text":"a","_pad":"${'x'.repeat(270_000 + random.below(20_000))}"}`),
  'chunks longer than the form takes': (random) =>
    chunkedPost(`{"text":"a","_pad":"${'x'.repeat(270_000 + random.below(20_000))}"}`),
  'a body longer than any': () => submit(`{"text":"${'x'.repeat(1_100_000)}"}`),
})
