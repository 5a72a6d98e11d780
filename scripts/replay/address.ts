// Where a replay in a cluster posts a dead letter.
import type { DeadLetter } from '#kit/local/dead-letter.ts'

export interface Address {
  url: string
  /** The name by which a gateway knows the task. */
  host?: string
}

/**
 * `to` with `{task}` in it is the address of each task; without, it is a gateway that knows them by their own names. Undefined: the
 * letter's `knativeerrordest`, where that is a Service.
 */
export function addressOf({ task = '', dest = '', place }: DeadLetter, to?: string): Address {
  if (to?.includes('{task}')) return { url: to.replaceAll('{task}', task) }
  const [, , service] = URL.canParse(dest) ? new URL(dest).hostname.split('.') : []
  if (service !== 'svc') {
    throw new Error(
      `Expected the dead letter ${place} to name a Service of a cluster, found "${dest}": ` +
        'say where the tasks are with --to http://{task}.<namespace>.svc.cluster.local/',
    )
  }
  return to ? { url: to, host: new URL(dest).host } : { url: dest }
}
