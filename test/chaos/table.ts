// Runs faults many times and prints the counts of each run and of all.
import { type Counts, type Fault, nothing, run, type Scenario } from './scenario.ts'

/** Answers how many submissions were missing, doubled or not followed up, and how many runs no harm came to: 0 is the only good number. */
export async function table(
  faults: Record<string, Fault>,
  scenario: Scenario,
  runs: number,
): Promise<number> {
  let failed = 0
  for (const [name, fault] of Object.entries(faults)) {
    console.log(`\n${name}`)
    const total = { ...nothing }
    for (let n = 1; n <= runs; n++) {
      const counts = await run(fault, scenario)
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key]
      total.stall = Math.max(total.stall - counts.stall, counts.stall)
      const struck = counts.harm > 0 || scenario.harmless
      if (!struck) failed += 1
      console.log(
        `  ${String(n).padStart(2)}  ${show(counts)}${struck ? '' : '  without harm: shows nothing'}`,
      )
    }
    console.log(`  all ${show(total)}`)
    failed += total.missing + total.duplicate + total.unfollowed + total.conflicting
  }
  return failed
}

const show = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
    .join('  ')
