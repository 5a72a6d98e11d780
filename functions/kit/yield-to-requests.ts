// Long work in slices: whoever sends a request meanwhile is answered in between.
import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds after which others have their turn. */
const slice = 10

/** Call it between two pieces of the work, however small they are. */
export function takeTurns(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < slice) return
    await turn()
    began = performance.now()
  }
}
