// Targets that answered 410 Gone: they get nothing more until their form changes. Kept where the task keeps its effects.
import { randomUUID } from 'node:crypto'
import type { EffectStore } from '#kit/effects/port.ts'
import type { Form } from '#kit/forms/form.ts'

type FormVersion = Pick<Form, 'id' | 'version'>

export class GoneTargets {
  #store: EffectStore
  #gone = new Map<string, { form: FormVersion; target: string }>()
  /** What this process knows, by version and target. */
  #known = new Map<string, Promise<string | undefined>>()

  constructor(store: EffectStore) {
    this.#store = store
  }

  /**
   * When the target answered 410, ISO 8601; undefined if it did not, for this version of the form. The store is asked once for each:
   * another instance learns it by a 410 of its own.
   */
  since(form: FormVersion, target: string): Promise<string | undefined> {
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
    const now = new Date().toISOString()
    if (state === 'begun') await this.#store.finish(attempt, now)
    this.#known.set(keyOf(form, target), Promise.resolve(now))
    this.#gone.set(keyOf(form, target), { form, target })
  }

  async #read(form: FormVersion, target: string): Promise<string | undefined> {
    const attempt = attemptOf(form, target)
    const known = await this.#store.begin(attempt, 'repeat')
    if (known.state === 'begun') await this.#store.giveBack(attempt)
    if (known.state !== 'done') return undefined
    this.#gone.set(keyOf(form, target), { form, target })
    return known.result as string
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
