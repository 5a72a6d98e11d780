// Shares a limited number of slots (or bytes) among forms. A form may hold at most as much as it leaves free, so one form alone
// gets half of the total, a second one half of the rest, and so on. A form that holds nothing may always take one, even when
// nothing is free. So no form, however busy, keeps another one from making progress.

export class FairShares {
  #total: number
  #free: number
  #held = new Map<string, number>()

  constructor(total: number) {
    this.#total = total
    this.#free = total
  }

  /** Changes the total. Forms keep what they hold, even if that is more than the new total. */
  resize(total: number): void {
    this.#free += total - this.#total
    this.#total = total
  }

  /** How much more the form may take now. */
  room(form: string): number {
    const held = this.#held.get(form) ?? 0
    return Math.max(held === 0 ? 1 : 0, Math.ceil((this.#free - held) / 2))
  }

  take(form: string, amount = 1): void {
    this.#free -= amount
    this.#held.set(form, (this.#held.get(form) ?? 0) + amount)
  }

  giveBack(form: string, amount = 1): void {
    const left = (this.#held.get(form) ?? 0) - amount
    this.#free += amount
    if (left > 0) this.#held.set(form, left)
    else this.#held.delete(form)
  }
}
