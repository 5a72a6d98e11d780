// Bounds what the patterns of one form cost together: a submission is matched with all of them.
import type { PatternCost } from './cost.ts'

const maxParts = 10_000
const maxSteps = 200_000

export interface PatternBudget {
  /** Undefined while the budget lasts; then completes "expected …" and "found …". */
  take(cost: PatternCost | undefined): { expected: string; found: string } | undefined
}

export function patternBudget(): PatternBudget {
  let [parts, steps] = [0, 0]
  return {
    take(cost) {
      if (!cost) return undefined
      parts += cost.parts
      steps += cost.steps
      if (parts > maxParts) return excess(maxParts, 'parts', parts)
      return steps > maxSteps ? excess(maxSteps, 'steps', steps) : undefined
    },
  }
}

const excess = (max: number, what: string, found: number) => ({
  expected: `patterns of at most ${max} ${what} together: use a smaller max or smaller counts`,
  found: `${found} up to here`,
})
