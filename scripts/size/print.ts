export interface Line {
  what: string
  amount: string
  /** The calculation. */
  how: string
  /** Sources of the figures in it. */
  from: string[]
}

export const number = (amount: number): string =>
  amount.toLocaleString('en-US', { maximumSignificantDigits: 3 })

const units = ['B', 'kB', 'MB', 'GB', 'TB']

export function size(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes) / 3)))
  return `${number(bytes / 1000 ** power)} ${units[power]}`
}

export const percent = (share: number): string => `${number(share * 100)}%`

export const duration = (hours: number): string =>
  hours < 48 ? `${number(hours)} hours` : `${number(hours / 24)} days`

/** Two lines for each: what, amount and calculation in columns; then the sources. */
export function toText(lines: Line[]): string {
  const [whats, amounts] = [lines.map(({ what }) => what), lines.map(({ amount }) => amount)]
  const [wide, high] = [widest(whats), widest(amounts)]
  return lines
    .flatMap(({ what, amount, how, from }) => [
      `${what.padEnd(wide)}  ${amount.padStart(high)}  ${how}`,
      `${' '.repeat(wide + high + 4)}from ${[...new Set(from)].join('; ')}`,
    ])
    .join('\n')
}

const widest = (texts: string[]): number => Math.max(...texts.map(({ length }) => length))
