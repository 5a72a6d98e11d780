// Summarises repeated measurements by median and spread, because the machines that run them are noisy.

export interface Spread {
  min: number
  median: number
  max: number
}

/** Rounds to two decimals. */
export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => Math.round((sorted[index] as number) * 100) / 100
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) }
}

export const show = ({ min, median, max }: Spread, unit = ''): string =>
  `${median}${unit} (${min}–${max})`
