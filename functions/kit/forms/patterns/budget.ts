// What the patterns of one form may cost together: an answer to the form is matched with all of them at a time.
import type { PatternCost } from './cost.ts'

const maxParts = 10_000
const maxSteps = 200_000

export interface PatternBudget {
  /** Completes "expected …", and "found …"; undefined while there is enough left. */
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

const excess = (most: number, what: string, found: number) => ({
  expected: `patterns that have at most ${most} ${what} together: a smaller max, or smaller counts`,
  found: `${found} up to here`,
})
