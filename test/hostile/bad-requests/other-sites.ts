// Requests that scripts and forms on other sites send from the browsers of people who visit them.
import type { Random } from '../../sheets/random.ts'
import { badRequests, kindsOf } from '../kind.ts'
import { type Headers, message, validBody } from '../message.ts'

/** Origins that look like `localhost` (the Host) or like https://friend.example, which one of the forms allows. */
const others = [
  ...[
    'https://evil.example',
    'http://localhost.evil.example',
    'http://localhost:1',
    'null',
    'file://',
  ],
  ...['https://friend.example.evil.example', 'https://evilfriend.example', 'http://friend.example'],
  ...[
    'https://friend.example:444',
    'https://friend.example@evil.example',
    'HTTPS://FRIEND.EXAMPLE',
  ],
  ...[
    'https://friend.example/',
    'https://friend.example, https://evil.example',
    '*',
    'chrome-extension://a',
  ],
  ...[
    'https://friend.example.',
    'https://xn--friend-9za.example',
    'https://friend.example%2eevil.example',
  ],
]
const origin = (random: Random): Headers[number] => ['Origin', random.pick(others)]
const paths = ['/forms/all', '/all-form/', '/forms/friends']
const body = (type: string, content: string, random: Random, headers: Headers = []): Buffer =>
  message({
    path: random.pick(paths),
    body: content,
    headers: [['Content-Type', type], origin(random), ...headers],
  })

/** No page of another site may read the answer. */
const isClosed = (status: number, answer: string): boolean =>
  status < 500 && !/^access-control-allow-origin:/im.test(answer)

const redirects = [
  ...['https://evil.example', '//evil.example', '/\\evil.example', 'http://friend.example/a'],
  ...[
    'https://friend.example.evil.example/',
    'https://friend.example@evil.example/',
    'javascript:a',
  ],
  ...[
    'https:evil.example',
    'https:/\\evil.example',
    '/a\r\nLocation: https://evil.example',
    '\\\\evil.example',
  ],
  ...['/\t/evil.example', 'data:text/html,a', 'https://friend.example:444/', 'evil.example', ' /a'],
]

export default [
  ...badRequests({
    'JSON of a page of another site': (random) => body('application/json', validBody, random),
    'a form on a page of another site': (random) =>
      body('application/x-www-form-urlencoded', 'text=a', random, [['Accept', 'text/html']]),
    'a multipart form on a page of another site': (random) =>
      body(
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--b--\r\n',
        random,
      ),
    'JSON that calls itself text, of another site': (random) =>
      body('text/plain', validBody, random),
    'a page that its browser names another site': (random) =>
      body('application/json', validBody, random, [
        ['Sec-Fetch-Site', random.pick(['cross-site', 'same-site'])],
      ]),
    'two Origins': (random) =>
      body('application/json', validBody, random, [['Origin', 'http://localhost']]),
    'a target that the form does not allow': (random) =>
      message({
        path: random.pick(paths),
        body: `text=a&_redirect=${encodeURIComponent(random.pick(redirects))}`,
        headers: [
          ['Content-Type', 'application/x-www-form-urlencoded'],
          ['Accept', 'text/html'],
        ],
      }),
  }),
  ...kindsOf(
    'endpoint',
    {
      'a preflight of another site': (random) =>
        message({
          method: 'OPTIONS',
          path: random.pick([...paths, '/forms/none', '*', '/metrics']),
          headers: [
            origin(random),
            ['Access-Control-Request-Method', random.pick(['POST', 'DELETE', 'GET', '\u00e9', ''])],
            [
              'Access-Control-Request-Headers',
              random.pick(['content-type', 'x'.repeat(4_000), '*', '']),
            ],
            ['Access-Control-Request-Private-Network', 'true'],
          ],
        }),
      'a page read by another site': (random) =>
        message({
          method: random.pick(['GET', 'HEAD']),
          path: random.pick([...paths, '/forms/all/schema.json', '/forms/none']),
          headers: [origin(random)],
        }),
    },
    isClosed,
  ),
]
