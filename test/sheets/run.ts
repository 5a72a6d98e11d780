// Runs the sheets task at full size under every fault, and beside a person who edits the sheet; exits with 1 if a row is wrong.
//
//   npm run test:sheets [-- options]
//
//   --fault <text>      only faults whose name contains the text; the last is person
//   --submissions <n>   in each run, by default as many as the fault needs
//   --seed <n>          with person: one run with this seed in place of twenty
import { parseCommand } from '../../scripts/parse-command.ts'
import { besidePerson, wrongOf } from './beside-person.ts'
import { faults } from './faults.ts'
import { oneServer, redisInstalled } from './redis.ts'
import { run } from './scenario.ts'

const { values } = parseCommand({
  fault: { type: 'string', default: '' },
  submissions: { type: 'string' },
  seed: { type: 'string' },
})
let failed = 0
for (const [name, fault] of Object.entries(faults)) {
  if (!name.includes(values.fault)) continue
  const { scenario, stop } = await fault()
  const submissions = Number(values.submissions ?? scenario.submissions)
  console.log(`\n${name}`)
  const counts = await run({ ...scenario, submissions })
  await stop()
  console.log(
    Object.entries(counts)
      .map(([name, value]) => `  ${name.padEnd(14)} ${Math.round(value * 10) / 10}`)
      .join('\n'),
  )
  if (scenario.harm && counts.harm === 0) {
    console.log('  fault without effect')
    failed += 1
  }
  failed += counts.missing + counts.duplicate + counts.unrecorded + counts.conflicting
}

if ('person: random edits, slow calls, 5% of the answers lost'.includes(values.fault)) {
  const first = Number(values.seed ?? 1)
  const last = values.seed === undefined ? 20 : first
  for (let seed = first; seed <= last; seed++) {
    const redis = redisInstalled ? await oneServer() : undefined
    const submissions = Number(values.submissions ?? 10_000)
    const options = { seed, submissions, latencyMs: 100, lost: 0.05, every: 40, tabCells: 60_000 }
    const counts = await besidePerson({ ...options, ...(redis && { redis: redis.url }) })
    await redis?.stop()
    console.log(`\nperson, seed ${seed}: ${JSON.stringify(counts)}`)
    failed += wrongOf(counts)
  }
}
process.exitCode = failed > 0 ? 1 : 0
