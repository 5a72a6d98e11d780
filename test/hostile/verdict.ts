// What may not happen, whatever comes.
import { type Result, warmUp } from './rounds.ts'

/** MB, after the rounds that warm up. */
const mostGrowth = { used: 10, resident: 30 }

/** Each thing that gave way, in words; none is good. */
export function verdict({ total, crash, accepted, stored, memory }: Result): string[] {
  const wrong: [boolean, string][] = [
    [crash !== undefined, `Expected no crash, found: ${crash}`],
    [total.hangs > 0, `Expected an answer or an end to each input, found ${total.hangs} hangs`],
    [total.faults.length > 0, `Expected no 5xx, found ${total.faults.length}`],
    [
      stored.submitted !== accepted.submitted || stored.letters !== accepted.letters,
      `Expected an event for each 202, found ${JSON.stringify({ accepted, stored })}`,
    ],
  ]
  return [...wrong.flatMap(([is, words]) => (is ? [words] : [])), ...growth(memory)]
}

function growth(memory: Result['memory']): string[] {
  return (['used', 'resident'] as const).flatMap((kind) => {
    const [warm = 0, ...later] = memory.slice(warmUp - 1).map((one) => one[kind] / 2 ** 20)
    const grown = Math.round((later.at(-1) ?? warm) - warm)
    const most = mostGrowth[kind]
    return grown > most
      ? [`Expected ${kind} memory to grow by ${most} MB at most, found ${grown}`]
      : []
  })
}
