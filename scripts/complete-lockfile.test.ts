import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const packages = Object.entries<{ integrity?: string }>(lock.packages).filter(([path]) => path)

test('each package of the lockfile has a hash, so that npm ci refuses another package under its name', () => {
  const without = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  expect(packages.length).toBeGreaterThan(500)
  expect(without.map(([path]) => path)).toEqual([])
})
