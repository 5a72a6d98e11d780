// The worker thread of `StoreThread`: it blocks while the disk flushes, and the main thread keeps serving requests.
import { parentPort, workerData } from 'node:worker_threads'
import { Store } from './store.ts'

const store = new Store(workerData.file, workerData.topics)

type Call = {
  [Method in keyof Store]: { id: number; method: Method; args: Parameters<Store[Method]> }
}[keyof Store]

parentPort?.on('message', ({ id, method, args }: Call) => {
  try {
    const call = store[method] as (...args: unknown[]) => unknown
    parentPort?.postMessage({ id, result: call.apply(store, args) })
  } catch (error) {
    parentPort?.postMessage({ id, error: (error as Error).message })
  }
  if (method === 'close') parentPort?.close()
})
