// `npm run test:chaos [-- --runs 20] [--fault <part of its name>]`: every fault many times, with the counts of each run.
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { type Counts, run } from './scenario.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, fault: { type: 'string', default: '' } },
})
let failed = 0
for (const [name, fault] of Object.entries(faults)) {
  if (!name.includes(values.fault)) continue
  console.log(`\n${name}`)
  const total: Counts = {
    sent: 0,
    acknowledged: 0,
    rows: 0,
    missing: 0,
    duplicate: 0,
    harm: 0,
    unanalysed: 0,
    seconds: 0,
  }
  for (let n = 1; n <= Number(values.runs); n++) {
    const counts = await run(fault)
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key]
    console.log(`  ${String(n).padStart(2)}  ${show(counts)}`)
  }
  console.log(`  all ${show(total)}`)
  failed += total.missing + total.duplicate + total.unanalysed
}
process.exitCode = failed > 0 ? 1 : 0

function show(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
    .join('  ')
}
