import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from '@jest/globals'
import fastify from 'fastify'
import { backlog } from './listen.ts'

/** Connections that this system has dropped so far because the backlog was full. */
function dropped(): number {
  const [names, values] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  return Number(values?.[names?.indexOf('ListenOverflows') ?? -1])
}

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('1,000 clients that connect at once are all queued at their first attempt', async () => {
  const app = fastify()
  await app.listen({ host: '127.0.0.1', port: 0, backlog })
  const { port } = app.server.address() as AddressInfo
  const before = dropped()
  // The server is in this process, so it accepts nothing before all clients have tried.
  const sockets = Array.from({ length: 1000 }, () => connect(port, '127.0.0.1'))
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    expect(dropped()).toBe(before)
  } finally {
    for (const socket of sockets) socket.destroy()
    await app.close()
  }
})
