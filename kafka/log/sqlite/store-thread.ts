// Calls the methods of `Store` in a worker thread. Several threads can share one store, each through a port of its own.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Topic } from '../../define-event.ts'
import { explainSqliteError } from './database.ts'
import type { Store } from './store.ts'

interface PendingCall {
  resolve: (result: unknown) => void
  reject: (reason: Error) => void
}

export class StoreThread {
  readonly file: string
  #thread: Worker | MessagePort
  #calls = new Map<number, PendingCall>()
  #lastId = 0
  #ended: Error | undefined
  #onAppend: (topics: ReadonlySet<string>) => void = () => {}

  /** Rejects if another process owns the file or it cannot be used. */
  static async open(file: string, topics: Topic[], maxBytes?: number): Promise<StoreThread> {
    const worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
      workerData: { file, topics, maxBytes },
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    const thread = new StoreThread(file, worker)
    worker.on('exit', () => thread.#end(new Error('The log is closed')))
    try {
      await thread.call('ends', topics[0]?.name ?? '')
      return thread
    } catch (error) {
      throw explainSqliteError(file, error as Error)
    }
  }

  /** In another thread than the one that opened the store. `port`: from `share`. */
  static join(file: string, port: MessagePort): StoreThread {
    const thread = new StoreThread(file, port)
    port.on('close', () => thread.#end(new Error('The log is closed')))
    return thread
  }

  private constructor(file: string, thread: Worker | MessagePort) {
    this.file = file
    this.#thread = thread
    thread.on('message', (message) => this.#receive(message))
    thread.on('error', (error: Error) => this.#end(error))
  }

  #receive({ id, result, error, appended }: Received): void {
    if (appended) {
      this.#onAppend(appended)
      return
    }
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(error))
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const call of this.#calls.values()) call.reject(reason)
    this.#calls.clear()
  }

  /** Why the thread has ended; undefined while it runs. */
  get ended(): Error | undefined {
    return this.#ended
  }

  /** A port for `join` in another thread. */
  share(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#thread.postMessage({ shared: port1 }, [port1])
    return port2
  }

  /** `onAppend` is called with the topics to which other threads have appended. */
  watch(onAppend: (topics: ReadonlySet<string>) => void): void {
    this.#onAppend = onAppend
    this.#thread.postMessage({ watch: true })
  }

  call<Method extends keyof Store>(
    method: Method,
    ...args: Parameters<Store[Method]>
  ): Promise<ReturnType<Store[Method]>> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as PendingCall['resolve'], reject })
      this.#thread.postMessage({ id, method, args })
    })
  }

  /** Closes the store, or, after `join`, only the port to it. */
  async close(): Promise<void> {
    if (this.#ended) return
    if (this.#thread instanceof Worker) {
      const exited = new Promise((resolve) => this.#thread.once('exit', resolve))
      await this.call('close')
      await exited
    } else this.#thread.close()
  }
}

interface Received {
  id: number
  result?: unknown
  error?: string
  /** Topics to which another thread has appended. */
  appended?: ReadonlySet<string>
}
