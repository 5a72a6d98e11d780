// Ranges of dates as patterns: JSON Schema has no other word for them.

/** Patterns that the dates (YYYY-MM-DD) from `min` to `max` match together. */
export function datePatterns({ min, max }: { min?: string; max?: string }): string[] {
  return [...(min ? [beyond(min, 1)] : []), ...(max ? [beyond(max, -1)] : [])]
}

// At the first digit that differs from the limit's, a later date has a larger one, an earlier date a smaller one.
function beyond(limit: string, direction: 1 | -1): string {
  const ways = [limit]
  for (const [index, character] of [...limit].entries()) {
    if (character === '-' || character === (direction === 1 ? '9' : '0')) continue
    const digit = Number(character)
    const digits = direction === 1 ? `[${digit + 1}-9]` : `[0-${digit - 1}]`
    ways.push(limit.slice(0, index) + digits + limit.slice(index + 1).replaceAll(/\d/g, '\\d'))
  }
  return `^(?:${ways.join('|')})$`
}
