// The worker thread of `StoreThread`: it blocks while the disk flushes, and the threads that use the store go on.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Store } from './store.ts'

type Call = {
  [Method in keyof Store]: { id: number; method: Method; args: Parameters<Store[Method]> }
}[keyof Store]

const store = new Store(workerData.file, workerData.topics, workerData.maxBytes)
const ports = new Set<MessagePort>()
/** Ports of threads that consume. */
const watching = new Set<MessagePort>()

function serve(port: MessagePort): void {
  ports.add(port)
  port.on('close', () => {
    ports.delete(port)
    watching.delete(port)
  })
  port.on('message', (message: Call | { shared: MessagePort } | { watch: true }) => {
    if ('shared' in message) serve(message.shared)
    else if ('watch' in message) watching.add(port)
    else answer(port, message)
  })
}

function answer(port: MessagePort, { id, method, args }: Call): void {
  try {
    const call = store[method] as (...args: unknown[]) => unknown
    port.postMessage({ id, result: call.apply(store, args) })
    if (method === 'append') announce(new Set(args[0].map(({ topic }) => topic)), port)
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message })
  }
  if (method === 'close') for (const open of ports) open.close()
}

/** Tells the other threads, whose consumers wait for new records. */
function announce(appended: ReadonlySet<string>, from: MessagePort): void {
  for (const port of watching) if (port !== from) port.postMessage({ appended })
}

serve(parentPort as MessagePort)
