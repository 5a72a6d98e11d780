// Fails on changes of schemas that break somebody, unless the changelog names them.

import { isAccepted, nameOf } from './accepted.ts'
import type { Break } from './breaks.ts'

/** The message lists each change with whom it breaks, and what to do. Undefined if there is none that the changelog lacks. */
export function incompatible(breaks: Break[], changelog: string): string | undefined {
  const open = breaks.filter((one) => !isAccepted(one, changelog))
  if (open.length === 0) return undefined
  const names = new Set(open.map((one) => nameOf(one).join(' and ')))
  return [
    'Expected schemas that are compatible with scripts/compatibility/baseline.yaml, found:',
    ...open.map(textOf),
    'Keep them compatible (docs/compatibility.md), or name each change in an entry of CHANGELOG.md under Unreleased that has',
    ...[...names].map((name) => `  ${name}`),
  ].join('\n')
}

const textOf = ({ subject, path, change, breaks }: Break): string =>
  `  ${subject}${path && ` ${path}`}: ${change}\n    breaks ${breaks}`
