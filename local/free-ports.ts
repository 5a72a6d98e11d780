// Checks ports before anything is started. A broker on a taken port would exit only seconds later, or join a foreign cluster.
import { createServer } from 'node:net'

export interface Listener {
  host: string
  port: number
  /** The program that will listen there, for the error. */
  who: string
}

/** Throws if a port is taken. `remedy` ends the error: the setting that changes the port. */
export async function expectFree(listeners: Listener[], remedy: string): Promise<void> {
  for (const listener of listeners) await expectOneFree(listener, remedy)
}

function expectOneFree({ host, port, who }: Listener, remedy: string): Promise<void> {
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
