// Several runs as one figure with its spread, since the machines that run this are noisy.

export interface Spread {
  min: number
  median: number
  max: number
}

export function spread(values: number[]): Spread {
  const [min, median, max] = [0, Math.floor(values.length / 2), values.length - 1].map((index) => {
    const value = values.toSorted((a, b) => a - b)[index] as number
    return Math.round(value * 100) / 100
  }) as [number, number, number]
  return { min, median, max }
}

export const show = ({ min, median, max }: Spread, unit = ''): string =>
  `${median}${unit} (${min}–${max})`
