// Opens the ledger of a task that declares effects, and counts the effects whose result is not known.
import type { Logger } from 'pino'
import type { AnyTask } from '../define-task.ts'
import type { Ledger } from './effects.ts'
import type { EffectStore } from './port.ts'

interface LedgerOptions {
  /** Of the task. */
  config: unknown
  /** In place of the one that the config names. */
  store?: EffectStore | undefined
  log: Logger
}

/** Undefined for a task without effects. */
export async function openLedger(
  task: AnyTask,
  { config, store: given, log }: LedgerOptions,
): Promise<Ledger | undefined> {
  const { name, effects } = task
  if (!effects) return undefined
  const { unknownEffects } = await import('./metrics.ts')
  // Without a zero at the start, rate() misses the first one.
  unknownEffects.inc({ task: name }, 0)
  const store = given ?? (await effects.openStore(task, config))
  return {
    store,
    policy: effects.unknown,
    onUnknown: () => unknownEffects.inc({ task: name }),
    log,
  }
}
