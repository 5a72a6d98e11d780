// All that a run of a fault leaves to chance, from one number: SEED=<number> makes the same choices again.
import { setTimeout as delay } from 'node:timers/promises'
import { randomFrom } from './random.ts'

export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31)) || 1
console.log(`SEED=${seed}`)

export const random = randomFrom(seed)

export const between = (least: number, most: number): Promise<void> =>
  delay(least + random() * (most - least))
