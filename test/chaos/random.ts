/** Repeatable random numbers from 0 to below 1 (Marsaglia's xorshift). */
export function randomFrom(seed: number): () => number {
  let n = seed
  return () => {
    n ^= n << 13
    n ^= n >>> 17
    n ^= n << 5
    return (n >>> 0) / 2 ** 32
  }
}
