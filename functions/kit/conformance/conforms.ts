// Runs the conformance suite as tests: every task's own test file calls it.
import { afterAll, beforeAll, beforeEach, describe, test } from '@jest/globals'
import type { AnyTask } from '../define-task.ts'
import { casesFor } from './cases-for.ts'
import type { Given } from './given.ts'
import { Trial } from './trial.ts'

/** ms. The cases limit their waits themselves, with errors that say what was waited for. */
const timeout = 300_000

/** Tests the task in a process of its own, with a real sink, as it runs in production: repeats, crashes, failures, foreign events. */
export function conforms(task: AnyTask, given: Given): void {
  describe(`the task ${task.name}`, () => {
    let trial: Trial
    beforeAll(async () => {
      trial = await Trial.open(task, given)
    }, timeout)
    afterAll(() => trial?.close())
    beforeEach(() => trial.forgetLog())
    for (const { name, run } of casesFor(task, given)) test(name, () => run(trial), timeout)
  })
}
