// What an operator is told of the forms that are wrong: which, and where. What is wrong there is in the log.
import { basename } from 'node:path'
import type { FormProblem } from './files/form-file.ts'

const mostNoted = 3

export const wrongFiles = (problems: FormProblem[]): string[] => [
  ...new Set(problems.map(({ file }) => file)),
]

/** Nothing where all are right. */
export function formNotes(problems: FormProblem[]): Record<string, string> {
  const files = wrongFiles(problems)
  if (files.length === 0) return {}
  const places = files.slice(0, mostNoted).map((name) => {
    const { line, path } = problems.find(({ file }) => file === name)!
    return [`${basename(name)}:${line}`, path].filter(Boolean).join(' ')
  })
  const more = files.length > mostNoted ? `, and ${files.length - mostNoted} more` : ''
  return { forms: `${files.length} wrong: ${places.join(', ')}${more}` }
}
