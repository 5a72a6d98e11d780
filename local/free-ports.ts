// Whether ports are free, before anything starts: one that is taken ends a broker seconds after its start, or lets it join another cluster.
import { createServer } from 'node:net'

export interface Listener {
  host: string
  port: number
  /** Who wants it, in words. */
  who: string
}

/** Throws where one is taken, and names it. `remedy`: which setting says another. */
export async function expectFree(listeners: Listener[], remedy: string): Promise<void> {
  for (const listener of listeners) await expectOne(listener, remedy)
}

function expectOne({ host, port, who }: Listener, remedy: string): Promise<void> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const found = cause.code === 'EADDRINUSE' ? 'it taken by another program' : cause.message
      const expected = `Expected port ${port} of ${host} to be free for ${who}`
      reject(new Error(`${expected}, found ${found}: ${remedy}`, { cause }))
    })
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
