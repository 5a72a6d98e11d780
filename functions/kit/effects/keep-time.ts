// How long the ledger of a task remembers its effects.

const day = 86_400_000
/** Longer than events are kept in `forms.validated`, whose replay would have the effects of a year again. */
const longest = 400 * day
/** For events that are retried, wait in a topic, or come from a clock that is behind. */
const margin = 7 * day

/** ms. `maxAge`: of the task, seconds. Older events are not handled, so nothing asks for their effects. */
export const keepTimeOf = (maxAge?: number): number =>
  maxAge === undefined ? longest : Math.min(longest, maxAge * 1000 + margin)
