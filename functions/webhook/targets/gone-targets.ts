// Targets that answered 410 Gone: they get nothing more until their form changes. Kept where the task keeps its effects.
import { randomUUID } from 'node:crypto'
import type { EffectStore } from '#kit/effects/port.ts'
import type { Form } from '#kit/forms/form.ts'

type FormVersion = Pick<Form, 'id' | 'version'>

export class GoneTargets {
  #store: EffectStore
  #gone = new Map<string, { form: FormVersion; target: string }>()
  /** What this process knows, by version and target. */
  #known = new Map<string, Promise<boolean>>()

  constructor(store: EffectStore) {
    this.#store = store
  }

  /** Of this version of the form. The store is asked once for each: another instance learns it by a 410 of its own. */
  has(form: FormVersion, target: string): Promise<boolean> {
    const key = keyOf(form, target)
    const known = this.#known.get(key)
    if (known) return known
    const read = this.#read(form, target)
    this.#known.set(key, read)
    read.catch(() => this.#known.delete(key))
    return read
  }

  /** Resolves when it is durable. Until then the target counts as before, so that a retry of the event gets the 410 again. */
  async add(form: FormVersion, target: string): Promise<void> {
    const attempt = attemptOf(form, target)
    const { state } = await this.#store.begin(attempt, 'repeat')
    if (state === 'begun') await this.#store.finish(attempt, 'gone')
    this.#known.set(keyOf(form, target), Promise.resolve(true))
    this.#gone.set(keyOf(form, target), { form, target })
  }

  async #read(form: FormVersion, target: string): Promise<boolean> {
    const attempt = attemptOf(form, target)
    const { state } = await this.#store.begin(attempt, 'repeat')
    if (state === 'begun') await this.#store.giveBack(attempt)
    if (state !== 'done') return false
    this.#gone.set(keyOf(form, target), { form, target })
    return true
  }

  /** Remarks for operators, by target. `formOf`: the form as it is now. */
  notes(formOf: (id: string) => FormVersion | undefined): Record<string, string> {
    const current = [...this.#gone.values()].filter(
      ({ form }) => formOf(form.id)?.version === form.version,
    )
    return Object.fromEntries(
      current.map(({ form, target }) => [
        `webhook ${form.id}/${target}`,
        'answered 410 Gone: it gets nothing more until the form changes',
      ]),
    )
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}

const attemptOf = ({ id, version }: FormVersion, target: string) => ({
  submission: `${id} ${version}`,
  effect: target,
  attempt: randomUUID(),
})

const keyOf = ({ id, version }: FormVersion, target: string): string =>
  JSON.stringify([id, version, target])
