// How much of something bounded each form may hold: as much as it leaves free. One form alone gets half, a second one half of
// what is left, and so on; and one that holds nothing may have one, however many others hold all there is.

export class Shares {
  #total: number
  #free: number
  #held = new Map<string, number>()

  constructor(total: number) {
    this.#total = total
    this.#free = total
  }

  /** What is held beyond a smaller total stays held until it is given back. */
  resize(total: number): void {
    this.#free += total - this.#total
    this.#total = total
  }

  /** How much the form may take now. */
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
