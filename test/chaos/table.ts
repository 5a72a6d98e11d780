import { type Counts, type Fault, nothing, run, type Scenario } from './scenario.ts'

/**
 * Runs each fault `runs` times and prints the counts of each run and their totals. Returns the number of submissions that are
 * missing, doubled, not followed or conflicting, plus the number of runs in which the fault had no effect. Expected: 0.
 */
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
        `  ${String(n).padStart(2)}  ${show(counts)}${struck ? '' : '  fault without effect'}`,
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
