// How deeply the data of an event is nested: what JSON.parse reads may be too deep for JSON.stringify, which calls itself.

/** JSON.stringify takes some thousands; what else runs has used up a part of the stack. */
const mostLevels = 500

/** In a loop, level by level. */
export function requireLevels(data: unknown): void {
  let level = [data].filter(isNested)
  for (let n = 0; level.length > 0; n++) {
    if (n === mostLevels)
      throw new Error(`Expected data of at most ${mostLevels} levels, found more`)
    level = level.flatMap((one) => Object.values(one).filter(isNested))
  }
}

/** Bytes have no levels. */
const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
