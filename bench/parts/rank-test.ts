// Whether two lists of times come from the same distribution: the rank test of Mann and Whitney.

export interface Comparison {
  /** How often a time of the first list is longer than one of the second; 0.5 if they are alike. */
  longer: number
  /** Standard deviations from 0.5. Beyond 2.6, chance alone explains it in one of a hundred comparisons. */
  z: number
}

/** The test's normal approximation, which lists of more than 20 values allow. Equal times share their ranks. */
export function compareRanks(first: number[], second: number[]): Comparison {
  const all = [
    ...first.map((time) => ({ time, isFirst: true })),
    ...second.map((time) => ({ time, isFirst: false })),
  ].sort((a, b) => a.time - b.time)
  let ranks = 0
  for (let begin = 0; begin < all.length; ) {
    let end = begin
    while (end < all.length && all[end]?.time === all[begin]?.time) end++
    const shared = (begin + 1 + end) / 2
    ranks += shared * all.slice(begin, end).filter(({ isFirst }) => isFirst).length
    begin = end
  }
  const [n, m] = [first.length, second.length]
  const longer = (ranks - (n * (n + 1)) / 2) / (n * m)
  return { longer, z: (longer - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m)) }
}
