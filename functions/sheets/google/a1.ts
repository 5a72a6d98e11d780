// Ranges in Google's A1 notation.

/** 0 is A, 25 is Z, 26 is AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

/** `cells`: such as `1:100`, `D:Z` or `A2:C9`; without it, the whole tab. */
export function toRange(title: string, cells?: string): string {
  const quoted = `'${title.replaceAll("'", "''")}'`
  return cells ? `${quoted}!${cells}` : quoted
}
