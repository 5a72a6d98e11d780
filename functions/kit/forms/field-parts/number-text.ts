// Numbers as JSON and HTML forms send them, without losing digits.

/** A number of a JSON text that would be written differently after parsing, such as 12345678901234567, 1e25 and 1.50. */
export class NumberLiteral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

// Decimals with an exponent, as browsers accept them. Number() would also accept "0x10" and " ".
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
// A double keeps any 15 digits.
const alwaysExact = /^[\d.]{1,15}$/
const maxLength = 40

/** The number that a text stands for. A NumberLiteral if a number would lose digits; any other value is returned unchanged. */
export function toNumber(value: unknown): unknown {
  // -0 becomes 0, as JSON has no -0.
  if (typeof value === 'number') return value === 0 ? 0 : value
  const sent = value instanceof NumberLiteral ? value.text : value
  if (typeof sent !== 'string' || sent.length > maxLength) return value
  const text = sent.trim()
  if (!decimal.test(text)) return value
  const number = Number(text)
  if (alwaysExact.test(text) || digitsOf(text) === digitsOf(String(number))) return number || 0
  return Math.abs(number) > Number.MAX_SAFE_INTEGER ? number : new NumberLiteral(text)
}

/** The text that was typed for a number. A NumberLiteral if the number does not tell. */
export function textOfNumber(number: number): string | NumberLiteral {
  const text = String(number)
  const exact = Math.abs(number) <= Number.MAX_SAFE_INTEGER && !text.includes('e')
  return exact ? text : new NumberLiteral(text)
}

/** Equal for equal numbers: "1.50", "15e-1" and "+01.5" all give "15e-1". */
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

/** Characters of the longest number: 17 digits, a sign, a point, and an exponent of five. */
export const maxNumberText = 24
