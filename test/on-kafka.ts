import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

const java = spawnSync('java', ['-version']).status === 0

/** `describe` for tests that need a broker. Skips them, with a warning, on a machine without Java. */
export function describeOnKafka(name: string, tests: () => void): void {
  if (!java) {
    console.warn(`Skipped: ${name}: no java on this machine; npm run test:unit needs none`)
  }
  const declare = java ? describe : describe.skip
  declare(name, tests)
}
