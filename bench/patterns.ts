// Time to compile the most expensive patterns that forms may have, and to match them with the longest texts.

import { compilePattern } from '#kit/forms/patterns/compile-pattern.ts'
import { costOf } from '#kit/forms/patterns/cost.ts'
import { accepted, textsOf } from '#kit/forms/patterns/patterns.fixture.ts'

const rounds = 20

function milliseconds(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** Median of several runs, because other processes may use the machine. */
function median(work: () => void): number {
  const times = Array.from({ length: rounds }, () => milliseconds(work)).sort((a, b) => a - b)
  return times[rounds / 2]!
}

function measure([pattern, longest]: [pattern: string, longest: number]) {
  const compile = median(() => compilePattern(pattern, longest))
  const matches = compilePattern(pattern, longest)
  const match = Math.max(...textsOf(longest).map((text) => median(() => matches(text))))
  const round = (time: number) => Number(time.toFixed(3))
  const cost = costOf(pattern, longest)
  return { pattern, longest, ...cost, compileMs: round(compile), worstMatchMs: round(match) }
}

export default async function patterns(): Promise<Record<string, unknown>> {
  const measured = accepted.map(measure).sort((a, b) => b.worstMatchMs - a.worstMatchMs)
  console.table(measured)
  const [worst] = measured
  return { worstMatchMs: worst?.worstMatchMs, patterns: measured }
}
