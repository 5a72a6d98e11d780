// Every way to connect, in a process that loads the guard first.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const guard = join(import.meta.dirname, 'refuse-network.ts')

/** Runs a program behind the guard. Resolves with what was refused and with what it printed. */
async function run(program: string, sink: string): Promise<{ refused: string[]; output: string }> {
  const args = ['--import', guard, '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '', K_SINK: sink },
  })
  const refused: string[] = []
  let output = ''
  child.on('message', ({ avoided }: { avoided: string }) => refused.push(avoided))
  child.stdout?.on('data', (text) => {
    output += text
  })
  await once(child, 'close')
  return { refused, output: output.trim() }
}

const failed = `.on('error', ({ code }) => console.log(code))`
const ways: [way: string, program: string, address: string][] = [
  [
    'a port and a host',
    `import net from 'node:net'; net.connect(9, '127.0.0.1')${failed}`,
    '127.0.0.1:9',
  ],
  ['a port', `import net from 'node:net'; net.connect(9)${failed}`, 'localhost:9'],
  [
    'options',
    `import net from 'node:net'; net.connect({ host: 'example.org', port: 25 })${failed}`,
    'example.org:25',
  ],
  ['a socket', `import net from 'node:net'; new net.Socket()${failed}.connect(9, '::1')`, '::1:9'],
  ['a path', `import net from 'node:net'; net.connect('/run/none')${failed}`, '/run/none'],
  [
    'TLS',
    `import tls from 'node:tls'; tls.connect(443, 'example.org')${failed}`,
    'example.org:443',
  ],
  [
    'HTTP',
    `import http from 'node:http'; http.get('http://example.org/')${failed}`,
    'example.org:80',
  ],
  [
    'HTTPS',
    `import https from 'node:https'; https.get('https://example.org/')${failed}`,
    'example.org:443',
  ],
  [
    'fetch',
    `await fetch('http://127.0.0.1:8/').catch(({ cause }) => console.log(cause.code))`,
    '127.0.0.1:8',
  ],
  [
    'UDP',
    `import dgram from 'node:dgram'; const s = dgram.createSocket('udp4')
     try { s.send('a', 9, '127.0.0.1') } catch ({ code }) { console.log(code) } s.close()`,
    'UDP port 9',
  ],
]

test.each(ways)('%s is refused and reported', async (_way, program, address) => {
  expect(await run(`${program}\nprocess.disconnect()`, 'http://127.0.0.1:1/')).toEqual({
    refused: [`connect to ${address}`],
    output: 'ECONNREFUSED',
  })
})

test('the sink can be reached', async () => {
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const program = `console.log(await (await fetch('${url}')).text()); process.disconnect()`
  expect(await run(program, url)).toEqual({ refused: [], output: 'here' })
  server.close()
})
