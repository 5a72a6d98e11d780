import { faults } from './faults.ts'
import { type Counts, run, type Scenario } from './scenario.ts'

/** Runs the first fault whose name contains `part`, with `changes` to its scenario. */
export async function runChanged(part: string, changes: Partial<Scenario>): Promise<Counts> {
  const [, prepare] = Object.entries(faults).find(([name]) => name.includes(part))!
  const { scenario, stop } = await prepare()
  try {
    return await run({ ...scenario, ...changes })
  } finally {
    await stop()
  }
}
