// Records when the event of each submission arrives on a topic of a running `npm start`.
import { setTimeout as delay } from 'node:timers/promises'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import type { Running } from '../../test/instance.ts'

export class Arrivals {
  /** Keyed by submission id. */
  times = new Map<string, number>()
  #closing = new AbortController()

  constructor(instance: Running, topic: string) {
    this.#read(instance, topic).catch((error) => {
      if (!this.#closing.signal.aborted) throw error
    })
  }

  async #read(instance: Running, topic: string): Promise<void> {
    const { signal } = this.#closing
    for await (const line of connectInstance(instance).watch(topic, { signal })) {
      const subject = /"subject":"([^"]+)"/.exec(line)?.[1] as string
      if (!this.times.has(subject)) this.times.set(subject, performance.now())
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async all(ids: string[]): Promise<void> {
    while (!ids.every((id) => this.times.has(id))) await delay(20)
  }
}
