// `node stop-with-parent.ts <folder> <port>`: stops the broker of that folder once the process that started this one has ended.
import { rmSync } from 'node:fs'
import { testCluster } from './kafka-cluster.ts'

// A signal that ends the parent, such as Ctrl-C, must not end this one first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.resume().on('end', async () => {
  const [folder = '', port] = process.argv.slice(2)
  // The folder is deleted next, so the broker needs no graceful shutdown.
  for (const broker of testCluster(folder, { port: Number(port), of: 1 }).brokers) {
    await broker.signal('SIGKILL')
  }
  rmSync(folder, { recursive: true })
})
