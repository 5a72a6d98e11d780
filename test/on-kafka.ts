// What needs a real broker: skipped, with a clear word, on a machine without Java.
import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

const java = spawnSync('java', ['-version']).status === 0

export function describeOnKafka(name: string, tests: () => void): void {
  if (!java) {
    console.warn(`Skipped: ${name}: no java on this machine; npm run test:unit needs none`)
  }
  const describeThem = java ? describe : describe.skip
  describeThem(name, tests)
}
