// Declares that a task has effects. Only the bundle of a task that imports this has a client for Redis.
import type { EffectStore, LedgerOwner, UnknownPolicy } from './port.ts'

export interface EffectsDeclaration {
  unknown: UnknownPolicy
  /** `config`: of the task. Rejects if an operator has to change something. */
  openStore: (task: LedgerOwner, config: unknown) => Promise<EffectStore>
}

/**
 * `unknown`: what to do with an effect whose result is not known, because the process was killed or an answer was lost: `repeat` it,
 * so that it happens at least once, or `leave` it, so that it happens at most once.
 */
export const ledger = ({ unknown }: { unknown: UnknownPolicy }): EffectsDeclaration => ({
  unknown,
  async openStore(task, config) {
    const { openStore } = await import('./open-store.ts')
    return openStore(task, config as Parameters<typeof openStore>[1])
  },
})
