// First lines of requests: methods, targets, versions, and other protocols. RFC 9110, section 9; RFC 9112, section 3.
import { badRequests } from '../kind.ts'
import { message, post, raw, validBody } from '../message.ts'
import { ascii, bytes } from '../random-parts.ts'

const rest = ['Host: a', 'Content-Type: application/json', `Content-Length: ${validBody.length}`]
const lines = (first: string): string => raw([first, ...rest, 'Connection: close'], validBody)

const otherMethods = [
  ...['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'MKCOL', 'LOCK', 'SEARCH', 'PURGE', 'QUERY'],
  ...['REPORT', 'M-SEARCH', 'SUBSCRIBE', 'LINK', 'BIND', 'ACL', 'MERGE', 'SOURCE'],
]
/** Ways to leave a folder, as lists of attacks have them. */
const climbs = [
  ...['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '..;/', '%252e%252e%252f'],
  ...['%c0%ae%c0%ae/', '%e0%80%ae/', '..%00/', '.%2e/', '%uff0e%uff0e/'],
]
const secrets = [
  'etc/passwd',
  'data/door-secret',
  'package.json',
  '.env',
  '.git/config',
  'forms/all.yaml',
]

export default badRequests({
  'a method that changes things': (random) =>
    lines(`${random.pick(otherMethods)} /forms/all HTTP/1.1`),
  'a method that does not exist': (random) => lines(`${ascii(random, 12)}Q /forms/all HTTP/1.1`),
  'a method in lower case': (random) =>
    lines(`${random.pick(['post', 'Post', 'get', 'pOST'])} /forms/all HTTP/1.1`),
  'a method that overrides another': (random) =>
    message({
      method: random.pick(['PUT', 'DELETE', 'PATCH']),
      path: `/forms/all?_method=${random.pick(['POST', 'post'])}`,
      headers: [
        [random.pick(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']), 'POST'],
        ['Content-Type', 'application/json'],
      ],
      body: validBody,
    }),
  CONNECT: (random) =>
    raw([`CONNECT ${random.pick(['a:443', '127.0.0.1:22', '[::1]:80'])} HTTP/1.1`, 'Host: a']),
  'an unknown version': (random) =>
    lines(
      `POST /forms/all ${random.pick(['HTTP/0.9', 'HTTP/1.2', 'HTTP/3', 'HTTP/2.0', 'HTTQ/1.1', 'http/1.1', 'HTTP/1,1', 'HTTP/1.1x'])}`,
    ),
  'spaces in the first line': (random) =>
    lines(
      random.pick([
        'POST /forms/ all HTTP/1.1',
        ' POST /forms/all HTTP/1.1',
        'POST\t/forms/all\tHTTP/1.1',
        'POST /forms/all a HTTP/1.1',
      ]),
    ),
  'a target of another form': (random) =>
    lines(
      `POST ${random.pick(['*', 'a:80', '?', '#', 'forms/all', 'ftp://x/forms/all', 'file:///etc/passwd', '\\forms\\all'])} HTTP/1.1`,
    ),
  'a target with control characters': (random) =>
    lines(`POST /forms/a${String.fromCharCode(1 + random.below(8))}l HTTP/1.1`),
  'a target that is no percent-encoding': (random) =>
    post(
      `/forms/${random.pick(['%zz', '%', '%E0%A4%A', '%c0%af', '%ff', '%u0061'])}${ascii(random, 3).replaceAll(/\W/g, 'x')}`,
      validBody,
    ),
  'a target with a null byte': (random) =>
    post(`/forms/all${random.pick(['%00', '%00.yaml', '%00/schema.json', '%2500'])}`, validBody),
  'a target out of the folder': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: `/forms/${random.pick(climbs).repeat(1 + random.below(6))}${random.pick(secrets)}`,
    }),
  'a target of another product': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: random.pick([
        ...['/wp-login.php', '/.env', '/.git/config', '/admin', '/actuator/env', '/server-status'],
        ...[
          '/cgi-bin/test.cgi',
          '/xmlrpc.php',
          '/phpmyadmin/',
          '/console',
          '/api/v1/pods',
          '/debug',
        ],
      ]),
    }),
  'the id of no form': (random) =>
    post(
      `/forms/${random.pick(['__proto__', 'constructor', 'toString', 'ALL', 'all.yaml', 'all%20', 'all;a=b', 'all,all', '.', '%2e', "all'", 'all%0d%0aX:y'])}`,
      validBody,
    ),
  'a target longer than any': (random) =>
    message({
      method: random.pick(['GET', 'POST']),
      path: `/forms/${'a'.repeat(201 + random.below(20_000))}`,
    }),
  'a query longer than any': (random) =>
    post(`/forms/all?${'a=b&'.repeat(5_000 + random.below(2_000))}`, validBody),
  'another protocol': (random) =>
    Buffer.concat([
      Buffer.from(
        random.pick([
          'SSH-2.0-x\r\n',
          'EHLO a\r\n',
          '\x16\x03\x01\x02\x00\x01',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          'OPTIONS rtsp://a RTSP/1.0\r\n\r\n',
          '*1\r\n$4\r\nPING\r\n',
          '\0\0\0\x17',
        ]),
      ),
      bytes(random, 200),
      Buffer.from('\r\n\r\n'),
    ]),
  'random bytes': (random) => Buffer.concat([bytes(random, 400), Buffer.from('\r\n\r\n')]),
})
