// Starts the thread of the form endpoint, and tells it the state of the sources, which run in this thread.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Registry } from 'prom-client'
import type { DoorData, FromDoor, SourceState, ToDoor } from './door-messages.ts'
import type { ServedForm } from './print-addresses.ts'

interface Options extends DoorData {
  /** The state of the sources, read every second. */
  state: () => SourceState
  /** Metrics of this thread, served by the endpoint. */
  registry: Registry
}

export interface Door {
  endpoint: string
  forms: ServedForm[]
  /** Resolves when the requests on open connections are answered and the thread has ended. */
  close: () => Promise<void>
}

/** Milliseconds. */
const stateInterval = 1000

/** Rejects if the endpoint does not start. A later crash of the thread is an uncaught error of this process. */
export async function startDoor({ state, registry, ...data }: Options): Promise<Door> {
  const thread = new Worker(new URL('./door-thread.ts', import.meta.url), {
    workerData: data,
    transferList: data.log ? [data.log.port] : [],
  })
  const post = (message: ToDoor) => thread.postMessage(message)
  const started = Promise.withResolvers<Omit<Door, 'close'>>()
  thread.on('message', async (message: FromDoor) => {
    if ('listening' in message) started.resolve(message.listening)
    else post({ metrics: await registry.getMetricsAsJSON() })
  })
  thread.once('error', started.reject)
  const listening = await started.promise
  thread.on('error', (error) => {
    throw error
  })
  const report = () => post({ state: state() })
  report()
  const reports = setInterval(report, stateInterval).unref()
  return {
    ...listening,
    async close() {
      clearInterval(reports)
      const ended = once(thread, 'exit')
      post({ drain: true })
      await ended
    },
  }
}
