// JSON.parse reads data that is nested too deeply for JSON.stringify, which is recursive.

/** JSON.stringify manages some thousand levels on an empty stack. */
const maxLevels = 500

/** Throws if `data` has more levels. A loop over the levels, as recursion would have the same limit as JSON.stringify. */
export function checkNesting(data: unknown): void {
  let level = [data].filter(isNested)
  for (let n = 0; level.length > 0; n++) {
    if (n === maxLevels) throw new Error(`Expected data of at most ${maxLevels} levels, found more`)
    level = level.flatMap((value) => Object.values(value).filter(isNested))
  }
}

/** Buffers are flat. */
const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
