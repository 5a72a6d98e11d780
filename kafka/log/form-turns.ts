// What waits, by form, and whose turn it is: one of each form, round and round. Within a form the first that came is the next.

export class Turns<Item> {
  /** The form that had its turn last is the last. */
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

  /** It waits no more. */
  remove(form: string, item: Item): void {
    const queue = this.#queues.get(form)
    if (!queue?.delete(item)) return
    this.#size -= 1
    if (queue.size === 0) this.#queues.delete(form)
  }

  /** Of the forms that `may` go on. */
  next(may: (form: string) => boolean): { form: string; item: Item } | undefined {
    for (const [form, queue] of this.#queues) {
      if (!may(form)) continue
      const [item] = queue as Iterable<Item> as [Item]
      this.remove(form, item)
      if (this.#queues.delete(form)) this.#queues.set(form, queue)
      return { form, item }
    }
    return undefined
  }
}
