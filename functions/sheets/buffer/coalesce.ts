// Collects what comes at the same time into one call: by time and by size, one call under way, each id once.

export interface BatchOptions<Item extends { id: string }, Result> {
  /** Milliseconds that the first item waits for others. */
  wait: number
  /** The most items of one call. */
  size: number
  flush: (items: Item[]) => Promise<ReadonlyMap<string, Result>>
}

interface Waiting<Item, Result> {
  item: Item
  settled: PromiseWithResolvers<Result>
}

export class Batch<Item extends { id: string }, Result> {
  #options: BatchOptions<Item, Result>
  #waiting = new Map<string, Waiting<Item, Result>>()
  #full = Promise.withResolvers<void>()
  #running: Promise<void> | undefined

  constructor(options: BatchOptions<Item, Result>) {
    this.#options = options
  }

  /** Resolves with the item's result once the call that carries it has succeeded. */
  add(item: Item): Promise<Result> {
    const same = this.#waiting.get(item.id)
    if (same) return same.settled.promise
    const settled = Promise.withResolvers<Result>()
    this.#waiting.set(item.id, { item, settled })
    if (this.#waiting.size >= this.#options.size) this.#full.resolve()
    this.#running ??= this.#run()
    return settled.promise
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      await this.#filled()
      const batch = [...this.#waiting.values()].slice(0, this.#options.size)
      for (const { item } of batch) this.#waiting.delete(item.id)
      await this.#flush(batch)
    }
    this.#running = undefined
  }

  async #filled(): Promise<void> {
    this.#full = Promise.withResolvers()
    if (this.#waiting.size >= this.#options.size) return
    const timer = setTimeout(this.#full.resolve, this.#options.wait)
    await this.#full.promise
    clearTimeout(timer)
  }

  async #flush(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.flush(batch.map(({ item }) => item))
      for (const { item, settled } of batch) settled.resolve(results.get(item.id) as Result)
    } catch (error) {
      for (const { settled } of batch) settled.reject(error)
    }
  }
}
