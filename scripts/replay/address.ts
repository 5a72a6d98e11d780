import type { DeadLetter } from '../../local/knative/replay/dead-letter.ts'

export interface Address {
  url: string
  /** For a gateway: the Host header that names the task. */
  host?: string
}

/**
 * Where a replay in a cluster posts a dead letter. With `{task}` in it, `to` is the address of each task; without, it is the address
 * of a gateway to the Services. Without `to` the letter itself names its Service (`knativeerrordest`). Undefined if that is not the
 * Service of a cluster.
 */
export function addressOf({ task = '', dest = '' }: DeadLetter, to?: string): Address | undefined {
  if (to?.includes('{task}')) return { url: to.replaceAll('{task}', task) }
  const { hostname, host } = URL.parse(dest) ?? { hostname: '', host: '' }
  // Others may write letters too, so people's answers are sent to Services of the cluster only.
  if (!service.test(hostname)) return undefined
  return to ? { url: to, host } : { url: dest }
}

const service = /^[a-z0-9-]+\.[a-z0-9-]+\.svc(\.cluster\.local)?$/
