// Numbers as JSON and HTML forms send them, and whether the digits that were typed are kept.

/** A number of a JSON text that would not be written again as it was sent: 12345678901234567, 1e25, 1.50. */
export class NumberLiteral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

// Plain decimals, with an exponent as browsers take it: Number() would also take "0x10" and " ".
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
// Of 15 digits none gets lost.
const plain = /^[\d.]{1,15}$/
const maxLength = 40
const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number

/** The number that a text says, if no digit gets lost; a literal where one would; anything else as it is. */
export function toNumber(value: unknown): unknown {
  // -0 is 0: JSON could not keep it.
  if (typeof value === 'number') return value === 0 ? 0 : value
  const sent = value instanceof NumberLiteral ? value.text : value
  if (typeof sent !== 'string' || sent.length > maxLength) return value
  const text = sent.trim()
  if (!decimal.test(text)) return value
  const number = Number(text)
  if (plain.test(text) || digitsOf(text) === digitsOf(String(number))) return number || 0
  return Math.abs(number) > MAX_SAFE_INTEGER ? number : new NumberLiteral(text)
}

/** The text of a number, as it was typed; a literal where that can't be known. */
export function textOfNumber(number: number): string | NumberLiteral {
  const text = String(number)
  const exact = Math.abs(number) <= MAX_SAFE_INTEGER && !text.includes('e')
  return exact ? text : new NumberLiteral(text)
}

/** "1.50", "15e-1" and "+01.5" say the same: 15e-1. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const zeros = digits.length - significant.length
  const sign = mantissa.startsWith('-') ? '-' : ''
  return `${sign}${significant}e${Number(exponent) - fraction.length + zeros}`
}

/** Characters: 17 digits, a sign, a point, and an exponent of four. */
export const longestNumber = 24

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
