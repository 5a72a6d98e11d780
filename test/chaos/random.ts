// Chance that can be had again.

/** Marsaglia's xorshift: numbers from 0 to below 1. */
export function randomFrom(start: number): () => number {
  let n = start
  return () => {
    n ^= n << 13
    n ^= n >>> 17
    n ^= n << 5
    return (n >>> 0) / 2 ** 32
  }
}
