// Problems in form files, and how they are reported.
import { basename } from 'node:path'

export interface FormProblem {
  file: string
  line: number
  /** The place in the file, such as `fields.cgpa.max`; empty for the file as a whole. */
  path: string
  message: string
}

const maxNoted = 3

/** `forms/student-data.yaml:9: fields.cgpa.max: expected a number, found "ten"` */
export function problemText({ file, line, path, message }: FormProblem): string {
  return `${file}:${line}: ${path ? `${path}: ` : ''}${message}`
}

/** Each file once. */
export const wrongFiles = (problems: FormProblem[]): string[] => [
  ...new Set(problems.map(({ file }) => file)),
]

/** A note for operators: which files are wrong, and where. The log has the messages. Empty without problems. */
export function formNotes(problems: FormProblem[]): Record<string, string> {
  const files = wrongFiles(problems)
  if (files.length === 0) return {}
  const places = files.slice(0, maxNoted).map((name) => {
    const { line, path } = problems.find(({ file }) => file === name)!
    return [`${basename(name)}:${line}`, path].filter(Boolean).join(' ')
  })
  const more = files.length > maxNoted ? `, and ${files.length - maxNoted} more` : ''
  return { forms: `${files.length} wrong: ${places.join(', ')}${more}` }
}
