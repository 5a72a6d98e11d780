// `npm run test:hostile [-- --inputs 20000 --seed 7]`: the long form of the corpus, as a table. Exits with 1 where something gave way.
import { parseArgs } from 'node:util'
import { runCorpus } from './rounds.ts'
import { tableOf } from './table.ts'
import { findProblems } from './verdict.ts'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!(inputs > 0 && Number.isInteger(seed))) {
  throw new Error(`Expected --inputs and --seed as numbers, found ${values.inputs}, ${values.seed}`)
}
console.log(`--seed ${seed}`)
const result = await runCorpus({ inputs, seed })
console.log(tableOf(result))
const problems = findProblems(result)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
