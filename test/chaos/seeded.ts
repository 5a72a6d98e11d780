// Random choices of the fault tests, all from one seed: SEED=<number> repeats them.
import { setTimeout as delay } from 'node:timers/promises'
import { randomFrom } from './random.ts'

export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31)) || 1
console.log(`SEED=${seed}`)

export const random = randomFrom(seed)

/** Waits for a random time. Both limits in ms. */
export const between = (min: number, max: number): Promise<void> =>
  delay(min + random() * (max - min))
