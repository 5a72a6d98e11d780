// Sends hostile inputs to the real servers and prints a table; exits with 1 if a server gave way.
//
//   npm run test:hostile [-- options]            inputs of any kind, to all servers
//   npm run test:hostile -- requests [options]   bad requests to the endpoint, which must refuse them all
//
//   --inputs <n>   inputs to send, by default 20000, or 10000 requests
//   --seed <n>     repeats an earlier run, which prints its seed; by default a new one
import { parseCommand, UsageError } from '../../scripts/parse-command.ts'
import { findProblems } from './find-problems.ts'
import { runCorpus } from './run-corpus.ts'
import { tableOf } from './table.ts'

const { values, positionals } = parseCommand(
  {
    inputs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
  1,
)
const [what = 'all'] = positionals
if (what !== 'all' && what !== 'requests') {
  throw new UsageError(`Expected requests, found "${what}"`)
}
const corpus = what === 'all' ? 'kinds' : 'bad-requests'
const [inputs, seed] = [
  Number(values.inputs ?? (what === 'all' ? 20_000 : 10_000)),
  Number(values.seed),
]
if (!(inputs > 0 && Number.isInteger(seed))) {
  throw new UsageError(
    `Expected --inputs and --seed as numbers, found ${values.inputs}, ${values.seed}`,
  )
}
console.log(`--seed ${seed}`)
const result = await runCorpus({ corpus, inputs, seed })
console.log(tableOf(result))
const problems = findProblems(result)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
