// Where a replay in a cluster posts a dead letter.
import type { DeadLetter } from '../../local/knative/replay/dead-letter.ts'

export interface Address {
  url: string
  /** The name by which a gateway knows the task. */
  host?: string
}

/**
 * `to` with `{task}` in it is the address of each task; without, it is a gateway that knows them by their own names. Not
 * given: the letter's `knativeerrordest`. Returns undefined where that names no Service of a cluster.
 */
export function addressOf({ task = '', dest = '' }: DeadLetter, to?: string): Address | undefined {
  if (to?.includes('{task}')) return { url: to.replaceAll('{task}', task) }
  const { hostname, host } = URL.parse(dest) ?? { hostname: '', host: '' }
  // A letter is data of others: answers go to no host but a Service.
  if (!service.test(hostname)) return undefined
  return to ? { url: to, host } : { url: dest }
}

const service = /^[a-z0-9-]+\.[a-z0-9-]+\.svc(\.cluster\.local)?$/
