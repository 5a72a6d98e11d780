import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { findTasks, functionsFolder } from '../find-tasks.ts'

test('every task of the product runs the conformance suite', async () => {
  const names = (await findTasks()).map(({ name }) => name)
  const isTested = (name: string) =>
    existsSync(join(functionsFolder, name, 'conformance.slow.test.ts'))
  expect(names.filter((name) => !isTested(name))).toEqual([])
})
