// Reads the YAML of a form file, and says what is wrong in it, with file and line.
import { basename } from 'node:path'
import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { expectedBy, kindOf } from './message.ts'

export interface FormProblem {
  file: string
  line: number
  /** Where in the file, as in `fields.cgpa.max`; empty for the file as a whole. */
  path: string
  message: string
}

type Path = readonly PropertyKey[]

interface Check<T> {
  schema: z.ZodType<T>
  data: unknown
  /** Where the data is in the file. */
  path: Path
  /** Keys that the schema does not name and that were taken off. */
  alsoKnown?: string[]
}

const maxSize = 256 * 1024
const maxAliases = 20
const maxReported = 20

/** `forms/student-data.yaml:9: fields.cgpa.max: expected a number, found "ten"` */
export function problemText({ file, line, path, message }: FormProblem): string {
  return `${file}:${line}: ${path ? `${path}: ` : ''}${message}`
}

export const wrongFiles = (problems: FormProblem[]): string[] => [
  ...new Set(problems.map(({ file }) => file)),
]

const mostNoted = 3

/** For an operator: which files are wrong, and where. What they say is in the log. */
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

/** One file while it is checked: all its problems are collected, none is thrown. */
export class FormFile {
  readonly problems: FormProblem[] = []
  readonly data: unknown
  #name: string
  #lines = new LineCounter()
  #document?: Document.Parsed

  constructor(name: string, text: string) {
    this.#name = name
    this.data = this.#read(text)
  }

  /** The data if the schema accepts it. The messages of the schema complete "expected …". */
  check<T>({ schema, data, path, alsoKnown = [] }: Check<T>): T | undefined {
    const result = schema.safeParse(data, { error: expectedBy })
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      const at = [...path, ...issue.path]
      if (issue.code !== 'unrecognized_keys') {
        this.report(at, issue.message, show(valueAt(data, issue.path)))
        continue
      }
      const keys = issue.path.length === 0 ? [...alsoKnown, ...keysOf(schema)] : []
      const expected = keys.length > 0 ? `one of ${keys.join(', ')}` : 'no such key'
      for (const key of issue.keys) this.report([...at, key], expected, show(key))
    }
    return undefined
  }

  report(path: Path, expected: string, found: string): void {
    const message = `${/^expected/i.test(expected) ? expected : `expected ${expected}`}, found ${found}`
    this.#add(this.#lineOf(path), path, message)
  }

  #add(line: number, path: Path, message: string): void {
    this.problems.push({ file: this.#name, line, path: path.map(String).join('.'), message })
  }

  #read(text: string): unknown {
    if (text.length > maxSize) {
      this.#add(1, [], `expected at most ${maxSize} characters, found ${text.length}`)
      return undefined
    }
    try {
      const options = { lineCounter: this.#lines, prettyErrors: false }
      this.#document = parseDocument(text, options)
      const wrong = [...this.#document.errors, ...this.#document.warnings]
      for (const { pos, message } of wrong.slice(0, maxReported)) {
        this.#add(this.#lines.linePos(pos[0]).line, [], `expected valid YAML, found: ${message}`)
      }
      return wrong.length > 0 ? undefined : this.#document.toJS({ maxAliasCount: maxAliases })
    } catch (error) {
      // Too many aliases, or nested too deeply for the stack.
      this.#add(1, [], `expected valid YAML, found: ${(error as Error).message}`)
      return undefined
    }
  }

  /** The line of the last part of the path that is in the file. */
  #lineOf(path: Path): number {
    let node: unknown = this.#document?.contents
    let offset = 0
    for (const part of path) {
      const found = isMap(node)
        ? node.items.find(({ key }) => isNode(key) && String(key.toJSON()) === part)
        : isSeq(node)
          ? { key: node.items[Number(part)], value: node.items[Number(part)] }
          : undefined
      if (!found || !isNode(found.key)) break
      offset = found.key.range?.[0] ?? offset
      node = found.value
    }
    return this.#lines.linePos(offset).line
  }
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    data,
  )
}

const maxShown = 60

/** What a form's file says, short enough for a message. */
export function show(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'object') return kindOf(value)
  const text = JSON.stringify(value)
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}

function keysOf(schema: z.ZodType): string[] {
  return 'shape' in schema ? Object.keys(schema.shape as object) : []
}
