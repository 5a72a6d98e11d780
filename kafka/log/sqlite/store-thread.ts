// Calls the methods of `Store` in a worker thread.
import { Worker } from 'node:worker_threads'
import type { Topic } from '../../define-event.ts'
import { explainSqliteError } from './database.ts'
import type { Store } from './store.ts'

interface PendingCall {
  resolve: (result: unknown) => void
  reject: (reason: Error) => void
}

export class StoreThread {
  readonly file: string
  #worker: Worker
  #calls = new Map<number, PendingCall>()
  #lastId = 0
  #ended: Error | undefined

  /** Rejects if another process owns the file or it cannot be used. */
  static async open(file: string, topics: Topic[]): Promise<StoreThread> {
    const thread = new StoreThread(file, topics)
    try {
      await thread.call('ends', topics[0]?.name ?? '')
      return thread
    } catch (error) {
      throw explainSqliteError(file, error as Error)
    }
  }

  private constructor(file: string, topics: Topic[]) {
    this.file = file
    this.#worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
      workerData: { file, topics },
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    this.#worker.on('message', ({ id, result, error }) => {
      const call = this.#calls.get(id)
      this.#calls.delete(id)
      if (error === undefined) call?.resolve(result)
      else call?.reject(new Error(error))
    })
    this.#worker.on('error', (error) => this.#end(error as Error))
    this.#worker.on('exit', () => this.#end(new Error('The log is closed')))
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

  call<Method extends keyof Store>(
    method: Method,
    ...args: Parameters<Store[Method]>
  ): Promise<ReturnType<Store[Method]>> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as PendingCall['resolve'], reject })
      this.#worker.postMessage({ id, method, args })
    })
  }

  async close(): Promise<void> {
    if (this.#ended) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.call('close')
    await exited
  }
}
