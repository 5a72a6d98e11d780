// The versions of one form file: the newest, the checked copy, and the one that is served.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Compiled } from '../compile/compile-form.ts'
import type { Form } from '../form.ts'
import type { FormProblem } from '../form-problems.ts'
import type { FormText } from './read-folder.ts'

export interface FileVersions {
  /** Hash of the texts, to skip files that did not change. */
  hash: string
  /** The second address as the text has it, also if the file is wrong. */
  path?: string
  /** Where the text has `path` and `tasks`, for problems that are found by comparing forms. */
  pathLine: number
  tasksLine: number
  /** The newest version, if it is right. */
  latest?: Form
  /** The checked copy, if it is right. A process that starts serves it first. */
  checked?: Form | undefined
  /** The last good version. It stays while a newer one is wrong. */
  served?: Form
  problems: FormProblem[]
}

type Compile = (name: string, text: string) => Compiled

interface Change {
  name: string
  read: FormText
  before: FileVersions | undefined
}

/** Returns `before` itself if neither text changed. */
export function readVersions({ name, read, before }: Change, compile: Compile): FileVersions {
  const { text, checked } = read
  const hash = createHash('sha256')
    .update(JSON.stringify([text, checked]))
    .digest('hex')
  if (before?.hash === hash) return before
  const compiled =
    typeof text === 'string'
      ? compile(name, text)
      : { ok: false as const, problems: [{ file: name, path: '', ...text }] }
  const latest = compiled.ok ? compiled.form : undefined
  return {
    hash,
    ...positionsIn(typeof text === 'string' ? text : ''),
    ...(latest && { latest }),
    checked: latest && latest.text === checked ? latest : compileCopy(name, checked, compile),
    ...(before?.served && { served: before.served }),
    problems: compiled.ok ? [] : compiled.problems,
  }
}

function compileCopy(name: string, text: string | undefined, compile: Compile): Form | undefined {
  const compiled = text === undefined ? undefined : compile(name, text)
  return compiled?.ok ? compiled.form : undefined
}

/** Searched in the text rather than its YAML, which may be wrong. */
function positionsIn(text: string): Pick<FileVersions, 'path' | 'pathLine' | 'tasksLine'> {
  const [before, after] = text.split(/^path:/m)
  const path = /^[ \t]*["']?(\/[\w.~/-]+\/)["']?[ \t]*(?:#.*)?$/m.exec(after ?? '')?.[1]
  const lineOf = (head: string) => head.split('\n').length
  return {
    ...(path && { path }),
    pathLine: lineOf(before!),
    tasksLine: lineOf(text.split(/^tasks:/m)[0]!),
  }
}

/** Why no version is served, by the form's id and by its second address. Empty if one is served. */
export function unservedReasons(
  name: string,
  { served, path, problems: [problem] }: FileVersions,
): [string, FormProblem][] {
  if (served || !problem) return []
  const id: [string, FormProblem] = [basename(name, '.yaml'), problem]
  return path ? [id, [path, problem]] : [id]
}
