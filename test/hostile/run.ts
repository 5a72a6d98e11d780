// Sends hostile inputs to the real servers and prints a table; exits with 1 if a server gave way.
//
//   npm run test:hostile [-- options]
//
//   --inputs <n>   inputs to send, by default 20000
//   --seed <n>     repeats an earlier run, which prints its seed; by default a new one
import { parseCommand, UsageError } from '../../scripts/parse-command.ts'
import { findProblems } from './find-problems.ts'
import { runCorpus } from './run-corpus.ts'
import { tableOf } from './table.ts'

const { values } = parseCommand({
  inputs: { type: 'string', default: '20000' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
})
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!(inputs > 0 && Number.isInteger(seed))) {
  throw new UsageError(
    `Expected --inputs and --seed as numbers, found ${values.inputs}, ${values.seed}`,
  )
}
console.log(`--seed ${seed}`)
const result = await runCorpus({ inputs, seed })
console.log(tableOf(result))
const problems = findProblems(result)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
