// A short version of `npm run test:sheets -- --fault person`.
import { expect, test } from '@jest/globals'
import { besidePerson } from './beside-person.ts'
import { oneServer, redisInstalled } from './redis.ts'

test('while a person edits the sheet at random, no row and no cell of the person is lost, doubled or changed', async () => {
  const seed = Math.floor(Math.random() * 1e6)
  const redis = redisInstalled ? await oneServer() : undefined
  const options = {
    seed,
    submissions: 1500,
    latencyMs: 50,
    lost: 0.05,
    every: 30,
    tabCells: 15_000,
  }
  const counts = await besidePerson({ ...options, ...(redis && { redis: redis.url }) })
  await redis?.stop()
  console.log(`seed ${seed}: ${JSON.stringify(counts)}`)
  const wrong = { missing: 0, doubled: 0, misplaced: 0, unrecorded: 0, changed: 0 }
  expect(counts).toMatchObject({ rows: 1500, ...wrong })
  expect(counts.tabs).toBeGreaterThan(1)
  expect(counts.edits).toBeGreaterThan(30)
}, 120_000)
