import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from '@jest/globals'
import fastify from 'fastify'
import { backlog } from './listen.ts'

/** How many connections this system has dropped because nobody accepted those before. */
function dropped(): number {
  const [names, values] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  return Number(values?.[names?.indexOf('ListenOverflows') ?? -1])
}

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('1,000 clients that connect at once are all let in at their first try', async () => {
  const app = fastify()
  await app.listen({ host: '127.0.0.1', port: 0, backlog })
  const { port } = app.server.address() as AddressInfo
  const before = dropped()
  // Nothing is accepted before all have tried: the server is in the same process.
  const sockets = Array.from({ length: 1000 }, () => connect(port, '127.0.0.1'))
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    expect(dropped()).toBe(before)
  } finally {
    for (const socket of sockets) socket.destroy()
    await app.close()
  }
})
