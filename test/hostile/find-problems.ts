// Decides whether a run of hostile inputs has shown a problem.
import { type Result, warmUpRounds } from './run-corpus.ts'

/** Memory growth that is allowed after the warm-up rounds, MB. */
const maxGrowth = { used: 10, resident: 30 }

/** One message per problem. */
export function findProblems({ total, crash, accepted, stored, memory }: Result): string[] {
  const problems: [found: boolean, message: string][] = [
    [crash !== undefined, `Expected no crash, found: ${crash}`],
    [total.hangs > 0, `Expected every connection to be closed in time, found ${total.hangs} open`],
    [total.faults.length > 0, `Expected no wrong answer, found ${total.faults.length}`],
    [
      stored.submitted !== accepted.submitted || stored.deadLetters !== accepted.deadLetters,
      `Expected one record for each 202, found ${JSON.stringify({ accepted, stored })}`,
    ],
  ]
  return [
    ...problems.flatMap(([found, message]) => (found ? [message] : [])),
    ...memoryProblems(memory),
  ]
}

function memoryProblems(memory: Result['memory']): string[] {
  return (['used', 'resident'] as const).flatMap((kind) => {
    const [warm = 0, ...later] = memory.slice(warmUpRounds - 1).map((one) => one[kind] / 2 ** 20)
    const grown = Math.round((later.at(-1) ?? warm) - warm)
    const allowed = maxGrowth[kind]
    return grown > allowed
      ? [`Expected ${kind} memory to grow by ${allowed} MB at most, found ${grown}`]
      : []
  })
}
