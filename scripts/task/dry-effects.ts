// The ledger of a dry run: effects are reported and not run. To the task each looks like one whose result is not known.
import type { EffectStore } from '#kit/effects/port.ts'

/** `report` gets the name of the effect. */
export const dryEffects = (report: (effect: string) => void): EffectStore => ({
  async begin({ effect }) {
    report(effect)
    return { state: 'unknown', unknown: 0, interrupted: false }
  },
  finish: async () => {},
  giveBack: async () => {},
  leave: async () => {},
  problem: () => undefined,
  close: async () => {},
})
