// Numbers as HTML forms send them: text.

// Plain decimals only: Number() would also take "0x10", "1e999" and " ".
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/
const maxLength = 40

/** The number that a text says in plain decimals; anything else as it is. */
export function toNumber(value: unknown): unknown {
  // -0 is 0: JSON could not keep it.
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (typeof value !== 'string' || value.length > maxLength) return value
  const text = value.trim()
  return decimal.test(text) ? Number(text) || 0 : value
}

/** Characters: 17 digits, a sign, a point, and an exponent of four. */
export const longestNumber = 24

const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number

/** "a number from 0 to 10"; the default limits are left out. */
export function rangeText(what: string, { min, max }: { min: number; max: number }): string {
  if (min > MIN_SAFE_INTEGER && max < MAX_SAFE_INTEGER) return `${what} from ${min} to ${max}`
  if (min > MIN_SAFE_INTEGER) return `${what} of at least ${min}`
  return max < MAX_SAFE_INTEGER ? `${what} of at most ${max}` : what
}

/** For an HTML input, without the default limits. */
export function rangeAttributes({
  min,
  max,
}: {
  min: number
  max: number
}): Record<string, number> {
  return { ...(min > MIN_SAFE_INTEGER && { min }), ...(max < MAX_SAFE_INTEGER && { max }) }
}
