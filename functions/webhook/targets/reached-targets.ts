// Which targets have the events that still wait for others, so that a retry neither asks the ledger nor publishes again.

/** More events than a source has open at a time. What is forgotten costs a look into the ledger. */
const maxEvents = 5000

export class ReachedTargets {
  #targets = new Map<string, Set<string>>()

  has(event: string, target: string): boolean {
    return this.#targets.get(event)?.has(target) ?? false
  }

  add(event: string, target: string): void {
    const targets = this.#targets.get(event) ?? new Set()
    this.#targets.set(event, targets.add(target))
    if (this.#targets.size <= maxEvents) return
    const [oldest = event] = this.#targets.keys()
    this.#targets.delete(oldest)
  }

  forget(event: string): void {
    this.#targets.delete(event)
  }
}
