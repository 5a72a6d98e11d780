import { randomFillSync } from 'node:crypto'

// Taken from the system in bulk: a call for each request would take longer than everything that is made of it.
const pool = Buffer.alloc(4096)
let used = pool.length

/** Random lower case hexadecimal digits, two for each byte. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}
