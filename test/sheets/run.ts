// `npm run test:sheets -- [--fault <part of its name>] [--submissions 100000]`: the sheets task at its size and under its faults.
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { run } from './scenario.ts'

const { values } = parseArgs({
  options: {
    fault: { type: 'string', default: '' },
    submissions: { type: 'string' },
  },
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
    console.log('  without harm: shows nothing')
    failed += 1
  }
  failed += counts.missing + counts.duplicate + counts.unrecorded + counts.conflicting
}
process.exitCode = failed > 0 ? 1 : 0
