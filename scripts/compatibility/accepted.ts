// Incompatible changes that the changelog names.
import type { Break } from './breaks.ts'

/** Whether an entry under "Unreleased" names the subject and the place of the change, each in backquotes. */
export function isAccepted(
  { subject, path }: Pick<Break, 'subject' | 'path'>,
  changelog: string,
): boolean {
  return entriesOf(changelog).some((entry) =>
    nameOf({ subject, path }).every((name) => entry.includes(name)),
  )
}

/** What the entry must contain. */
export const nameOf = ({ subject, path }: Pick<Break, 'subject' | 'path'>): string[] =>
  [subject, path].filter(Boolean).map((name) => `\`${name}\``)

function entriesOf(changelog: string): string[] {
  const [, unreleased = ''] = changelog.split(/^## Unreleased$/m)
  const [section = ''] = unreleased.split(/^## /m)
  return section.split(/^- /m).slice(1)
}
