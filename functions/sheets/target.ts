// Tabs of a spreadsheet, and the titles of the tabs that they rotate to. Google ignores case when it compares titles.

/** A tab that forms write to. A full tab rotates: `Responses` continues in `Responses 2`, which is part 2 of the same target. */
export interface Target {
  spreadsheet: string
  /** Title of part 1. */
  tab: string
}

export const foldTitle = (title: string): string => title.toLowerCase()

export const isSameTitle = (one: string, other: string): boolean =>
  foldTitle(one) === foldTitle(other)

/** For messages. */
export const nameOf = ({ spreadsheet, tab }: Target): string => `${spreadsheet}/${tab}`

/** The same for all spellings of the title. */
export const keyOf = ({ spreadsheet, tab }: Target): string => `${spreadsheet}/${foldTitle(tab)}`

export const isSameTarget = (one: Target, other: Target): boolean => keyOf(one) === keyOf(other)

export const titleOfPart = (tab: string, part: number): string =>
  part === 1 ? tab : `${tab} ${part}`

/** The part of `tab` that has this title; undefined if it is not one of its parts. */
export function partOfTitle(tab: string, title: string): number | undefined {
  if (isSameTitle(tab, title)) return 1
  const [, base, number] = /^(.*) ([1-9]\d*)$/s.exec(foldTitle(title)) ?? []
  return base === foldTitle(tab) && Number(number) > 1 ? Number(number) : undefined
}

/** Those of the titles that are parts of `tab`, in order. */
export const partsAmong = (tab: string, titles: string[]): string[] =>
  titles
    .flatMap((title) => ({ title, part: partOfTitle(tab, title) ?? 0 }))
    .filter(({ part }) => part > 0)
    .toSorted((a, b) => a.part - b.part)
    .map(({ title }) => title)

/** Why two forms cannot have these targets; completes "expected …". */
export function findClash(one: Target, other: Target): string | undefined {
  if (one.spreadsheet !== other.spreadsheet) return undefined
  if (isSameTarget(one, other)) return `a tab of its own, found "${one.tab}"`
  if (partOfTitle(one.tab, other.tab))
    return `a tab that does not rotate to "${other.tab}", found "${one.tab}"`
  if (partOfTitle(other.tab, one.tab))
    return `a tab that "${other.tab}" does not rotate to, found "${one.tab}"`
  return undefined
}
