// Titles of tabs as Google compares them: two that differ only in case are one.

export const folded = (title: string): string => title.toLowerCase()

export const isSameTitle = (one: string, other: string): boolean => folded(one) === folded(other)

/** A tab of a spreadsheet, whatever it has rotated to. */
export interface Target {
  spreadsheet: string
  tab: string
}

/** How messages name it, and one text for all ways to write its title. */
export const nameOf = ({ spreadsheet, tab }: Target): string => `${spreadsheet}/${tab}`
export const keyOf = ({ spreadsheet, tab }: Target): string => `${spreadsheet}/${folded(tab)}`

export const isSame = (one: Target, other: Target): boolean => keyOf(one) === keyOf(other)
