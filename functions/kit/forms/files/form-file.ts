// One form file while it is checked: what is wrong in it is collected, with file and line.
import type * as z from 'zod'
import { printable } from '../../printable.ts'
import { expectedBy, kindOf } from '../describe-issue.ts'
import { FormYaml, type Path } from './form-yaml.ts'

export interface FormProblem {
  file: string
  line: number
  /** Where in the file, as in `fields.cgpa.max`; empty for the file as a whole. */
  path: string
  message: string
}

interface Check<T> {
  schema: z.ZodType<T>
  data: unknown
  /** Where the data is in the file. */
  path: Path
  /** Keys that the schema does not name and that were taken off. */
  alsoKnown?: string[]
}

type Issue = z.core.$ZodIssue

/** Of one form's file. */
export const maxFileBytes = 256 * 1024
const maxProblems = 20
const maxMessage = 1_000

/** `forms/student-data.yaml:9: fields.cgpa.max: expected a number, found "ten"` */
export function problemText({ file, line, path, message }: FormProblem): string {
  return `${file}:${line}: ${path ? `${path}: ` : ''}${message}`
}

/** The first of its problems are collected, the others counted; none is thrown. */
export class FormFile {
  readonly data: unknown
  #problems: FormProblem[] = []
  /** Those beyond the first. */
  #more = 0
  #name: string
  #yaml: FormYaml

  /** A file without any of these keys is no form, and may be a secret that got among them: nothing of it is quoted. */
  constructor(name: string, text: string, keys: string[]) {
    const size = Buffer.byteLength(text)
    const fits = size <= maxFileBytes
    this.#name = name
    this.#yaml = new FormYaml(fits ? text : '')
    this.data = this.#yaml.data
    const isForm = this.#yaml.hasAny(keys)
    if (!fits) this.report([], `at most ${maxFileBytes} bytes`, String(size))
    for (const { line, expected, found, kind } of this.#yaml.faults) {
      this.#add(line, [], `expected ${expected}, found: ${isForm ? found : kind}`)
    }
    if (!isForm && this.#problems.length === 0) this.#reportNoForm(keys)
  }

  #reportNoForm(keys: string[]): void {
    const kind = kindOf(this.data)
    if (kind !== 'an object') this.report([], 'a mapping', kind)
    else this.report([], `a mapping of ${keys.join(', ')}`, 'none of them')
  }

  /** The data if the schema accepts it. The messages of the schema complete "expected …". */
  check<T>({ schema, data, path, alsoKnown = [] }: Check<T>): T | undefined {
    const { said, result } = this.#parse(schema, data, path)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      const at = [...path, ...issue.path]
      if (issue.code !== 'unrecognized_keys') {
        this.report(at, issue.message, this.#found(issue, at) ?? show(valueAt(said, issue.path)))
        continue
      }
      const keys = issue.path.length === 0 ? [...alsoKnown, ...keysOf(schema)] : []
      const expected = keys.length > 0 ? `one of ${keys.join(', ')}` : 'no such key'
      for (const key of issue.keys) this.report([...at, key], expected, show(key))
    }
    return undefined
  }

  /** Where text is meant, a word counts as it is written: YAML makes 7 of 007, and a truth of true. */
  #parse<T>(schema: z.ZodType<T>, data: unknown, path: Path) {
    for (let said = data; ; ) {
      const result = schema.safeParse(said, { error: expectedBy })
      const words = (result.error?.issues ?? []).filter(wantsText).flatMap((issue) => {
        const { word, means } = this.#yaml.wordAt([...path, ...issue.path]) ?? {}
        const text = typeof valueAt(said, issue.path) === 'string'
        return word === undefined || means === null || text ? [] : [{ at: issue.path, word }]
      })
      if (words.length === 0) return { said, result }
      said = replaced(said, words)
    }
  }

  /** Null where text is meant may be the word, or nothing: who wrote it says which. */
  #found(issue: Issue, at: Path): string | undefined {
    const { word, means } = this.#yaml.wordAt(at) ?? {}
    if (means !== null || !wantsText(issue)) return undefined
    return `${word}, which is nothing in YAML (the word itself is "${word}", in quotes)`
  }

  get problems(): FormProblem[] {
    if (this.#more === 0) return this.#problems
    const line = this.#problems.at(-1)?.line ?? 1
    const more = { file: this.#name, line, path: '', message: `and ${this.#more} more` }
    return [...this.#problems, more]
  }

  report(path: Path, expected: string, found: string): void {
    const message = `${/^expected/i.test(expected) ? expected : `expected ${expected}`}, found ${found}`
    this.#add(this.#yaml.lineOf(path), path, message)
  }

  #add(line: number, path: Path, said: string): void {
    if (this.#problems.length >= maxProblems) {
      this.#more += 1
      return
    }
    const message = printable(said, maxMessage)
    this.#problems.push({ file: this.#name, line, path: shownPath(path), message })
  }
}

/** True where text in place of what was found would have helped. */
function wantsText(issue: Issue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'string'
  if (issue.code === 'invalid_value') return issue.values.some((one) => typeof one === 'string')
  return (
    issue.code === 'invalid_union' &&
    issue.errors.some((way) => way.some((one) => one.path.length === 0 && wantsText(one)))
  )
}

interface Word {
  at: Path
  word: string
}

/** A copy with the words in those places. */
function replaced(data: unknown, words: Word[]): unknown {
  // Around it, so that the place may be the data itself.
  const copy = { data: structuredClone(data) }
  for (const { at, word } of words) {
    const path = ['data', ...at]
    const parent = valueAt(copy, path.slice(0, -1)) as Record<PropertyKey, unknown>
    parent[path.at(-1) as PropertyKey] = word
  }
  return copy.data
}

/** A name may be as long as the file. */
const shownPath = (path: Path): string => path.map((part) => printable(String(part), 100)).join('.')

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
  return printable(text, maxShown)
}

function keysOf(schema: z.ZodType): string[] {
  return 'shape' in schema ? Object.keys(schema.shape as object) : []
}
