// A queue that serves forms round-robin, one item of each form at a time. Items of one form keep their order.

export class FormTurns<Item> {
  /** In the order of turns: the form that was served last is at the end. */
  #queues = new Map<string, Set<Item>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(form: string): boolean {
    return this.#queues.has(form)
  }

  add(form: string, item: Item): void {
    this.#queues.set(form, (this.#queues.get(form) ?? new Set()).add(item))
    this.#size += 1
  }

  /** Removes an item before its turn. Does nothing if it is not queued. */
  remove(form: string, item: Item): void {
    const queue = this.#queues.get(form)
    if (!queue?.delete(item)) return
    this.#size -= 1
    if (queue.size === 0) this.#queues.delete(form)
  }

  /** Takes the next item of the forms that `mayRun`. The other forms keep their turn. */
  next(mayRun: (form: string) => boolean): { form: string; item: Item } | undefined {
    for (const [form, queue] of this.#queues) {
      if (!mayRun(form)) continue
      const [item] = queue as Iterable<Item> as [Item]
      this.remove(form, item)
      // Moves the form to the end of the map.
      if (this.#queues.delete(form)) this.#queues.set(form, queue)
      return { form, item }
    }
    return undefined
  }
}
