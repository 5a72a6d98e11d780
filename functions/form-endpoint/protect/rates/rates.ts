// Counts submissions by address, e-mail address and form, in windows that begin with the first one.
import LocalStore from '@fastify/rate-limit/store/LocalStore.js'
import type { Count, Use } from './count.ts'
import type { SharedCounts } from './shared-counts.ts'

/** Most keys of each kind: about 10 MB. Past it the key that was not used for longest begins anew, so addresses cannot displace forms. */
const maxKeys = 50_000

class OwnCounts {
  #stores = {
    address: new LocalStore(false, false, maxKeys),
    email: new LocalStore(false, false, maxKeys),
    form: new LocalStore(false, false, maxKeys),
  }

  add({ kind, key, rate }: Use): Promise<Count> {
    return new Promise((resolve) => {
      this.#stores[kind].incr(key, (_, count) => resolve(count as Count), rate.per, rate.max)
    })
  }
}

export class Rates {
  #own = new OwnCounts()
  #shared: SharedCounts | undefined

  /** `shared`: the counts of all instances. While they cannot be used, this instance counts alone. */
  constructor(shared?: SharedCounts) {
    this.#shared = shared
  }

  /** Seconds until it may be tried again; 0 if all uses are within their rates. Uses after the first that is not are not counted. */
  async count(uses: Use[]): Promise<number> {
    for (const use of uses) {
      const { current, ttl } = (await this.#shared?.add(use)) ?? (await this.#own.add(use))
      if (current > use.rate.max) return Math.max(1, Math.ceil(ttl / 1000))
    }
    return 0
  }

  close(): void {
    this.#shared?.close()
  }
}
