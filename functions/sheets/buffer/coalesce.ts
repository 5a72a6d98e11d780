// Collects items that arrive at about the same time into one call. One call runs at a time, and each id is in it once.

export interface CoalescerOptions<Item extends { id: string }, Result> {
  /** How long the first item waits for others, ms. */
  wait: number
  /** Items in one call at most. */
  size: number
  flush: (items: Item[]) => Promise<ReadonlyMap<string, Result>>
}

interface Pending<Item, Result> {
  item: Item
  outcome: PromiseWithResolvers<Result>
}

export class Coalescer<Item extends { id: string }, Result> {
  #options: CoalescerOptions<Item, Result>
  #pending = new Map<string, Pending<Item, Result>>()
  #full = Promise.withResolvers<void>()
  #running: Promise<void> | undefined

  constructor(options: CoalescerOptions<Item, Result>) {
    this.#options = options
  }

  /** Resolves with the item's result when the call that carries it succeeds. */
  add(item: Item): Promise<Result> {
    const same = this.#pending.get(item.id)
    if (same) return same.outcome.promise
    const outcome = Promise.withResolvers<Result>()
    this.#pending.set(item.id, { item, outcome })
    if (this.#pending.size >= this.#options.size) this.#full.resolve()
    this.#running ??= this.#run()
    return outcome.promise
  }

  async #run(): Promise<void> {
    while (this.#pending.size > 0) {
      await this.#untilFull()
      const batch = [...this.#pending.values()].slice(0, this.#options.size)
      for (const { item } of batch) this.#pending.delete(item.id)
      await this.#flush(batch)
    }
    this.#running = undefined
  }

  /** Or until `wait` is over. */
  async #untilFull(): Promise<void> {
    this.#full = Promise.withResolvers()
    if (this.#pending.size >= this.#options.size) return
    const timer = setTimeout(this.#full.resolve, this.#options.wait)
    await this.#full.promise
    clearTimeout(timer)
  }

  async #flush(batch: Pending<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.flush(batch.map(({ item }) => item))
      for (const { item, outcome } of batch) outcome.resolve(results.get(item.id) as Result)
    } catch (error) {
      for (const { outcome } of batch) outcome.reject(error)
    }
  }
}
