// Starts the thread of the form endpoint, and tells it the state of the sources, which run in this thread.
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
  /** Call it when the sources run: lets the endpoint listen, and from then on tells it their state. */
  open: () => Promise<{ endpoint: string; forms: ServedForm[] }>
  /** Resolves when the requests on open connections are answered and the thread has ended. */
  close: () => Promise<void>
}

/** Milliseconds. */
const stateInterval = 1000

/** Resolves when the forms are loaded. An error of the thread, now or later, is an uncaught error of this process. */
export async function startDoor({ state, registry, ...data }: Options): Promise<Door> {
  const thread = new Worker(new URL('./door-thread.ts', import.meta.url), {
    workerData: data,
    transferList: data.log ? [data.log.port] : [],
  })
  const post = (message: ToDoor) => thread.postMessage(message)
  const report = () => post({ state: state() })
  const ready = Promise.withResolvers<void>()
  const listening = Promise.withResolvers<Awaited<ReturnType<Door['open']>>>()
  const ended = new Promise((resolve) => thread.once('exit', resolve))
  let reports: NodeJS.Timeout | undefined
  thread.on('message', async (message: FromDoor) => {
    if ('ready' in message) ready.resolve()
    else if ('listening' in message) listening.resolve(message.listening)
    else post({ metrics: await registry.getMetricsAsJSON() })
  })
  thread.on('error', (error) => {
    throw error
  })
  await ready.promise
  return {
    open() {
      report()
      reports = setInterval(report, stateInterval).unref()
      return listening.promise
    },
    async close() {
      clearInterval(reports)
      post({ drain: true })
      await ended
    },
  }
}
