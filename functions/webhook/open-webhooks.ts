// Opens what the webhook task needs to reach targets: connections, secrets, and what is known of targets that fail.
import type { submissionForwarded } from '#kafka/events.ts'
import type { TaskContext } from '#kit/define-task.ts'
import { openStore } from '#kit/effects/open-store.ts'
import type { Config } from './config.ts'
import { type Forwarding, forward } from './forward.ts'
import { exposeWaiting } from './metrics.ts'
import type { Options } from './options.ts'
import { Outbound } from './outbound/post.ts'
import { GoneTargets } from './targets/gone-targets.ts'
import { Patience } from './targets/patience.ts'
import { ReachedTargets } from './targets/reached-targets.ts'
import { tryTarget } from './try-target.ts'

type Context = Pick<TaskContext<ReturnType<typeof submissionForwarded>, Options>, 'emit' | 'formOf'>

export interface Webhooks {
  forward: (forwarding: Forwarding) => Promise<void>
  notes: () => Record<string, string>
  close: () => Promise<void>
}

const nothingAllowed = { hosts: new Set<string>(), networks: [] }

export async function openWebhooks(config: Config, { emit, formOf }: Context): Promise<Webhooks> {
  const { WEBHOOK_SECRETS: secrets = new Map(), WEBHOOK_ALLOW: allowed = nothingAllowed } = config
  const outbound = new Outbound(allowed)
  const patience = new Patience(config.WEBHOOK_PATIENCE_SECONDS * 1000)
  const gone = new GoneTargets(await openStore({ name: 'webhook-gone' }, config))
  const reached = new ReachedTargets()
  exposeWaiting(() => patience.waiting())
  const targets = { outbound, secrets, patience, gone }
  const clients = {
    tryTarget: (attempt: Parameters<typeof tryTarget>[0]) => tryTarget(attempt, targets),
    reached,
    patience,
    emit,
  }
  return {
    forward: (forwarding) => forward(forwarding, clients),
    notes: () => ({ ...patience.notes(), ...gone.notes(formOf) }),
    async close() {
      await outbound.close()
      await gone.close()
    },
  }
}
