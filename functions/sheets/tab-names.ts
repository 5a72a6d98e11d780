// Which titles of tabs two forms cannot both have: the same one, or one that the other's tab will rotate to.
import { folded, isSame, type Target } from './target.ts'

/** What of the first is taken by the second: completes "expected …". */
export function clash(one: Target, other: Target): string | undefined {
  if (one.spreadsheet !== other.spreadsheet) return undefined
  if (isSame(one, other)) return `a tab of its own, found "${one.tab}"`
  if (rotatesTo(one.tab, other.tab))
    return `a tab that does not rotate to "${other.tab}", found "${one.tab}"`
  if (rotatesTo(other.tab, one.tab))
    return `a tab that "${other.tab}" does not rotate to, found "${one.tab}"`
  return undefined
}

/** `Responses` goes on in `Responses 2`. */
function rotatesTo(first: string, title: string): boolean {
  const [, base, part] = /^(.*) ([1-9]\d*)$/s.exec(folded(title)) ?? []
  return base === folded(first) && Number(part) > 1
}
