// One form file while it is checked: collects its problems, each with file and line.
import type * as z from 'zod'
import { printable } from '../../printable.ts'
import type { FormProblem } from '../form-problems.ts'
import { expectedBy, kindOf } from './describe-issue.ts'
import { FormYaml } from './form-yaml.ts'
import type { Path, Word } from './parse-yaml.ts'
import { parseAsWritten, valueAt, wantsText } from './words-as-written.ts'

interface Check<T> {
  schema: z.ZodType<T>
  data: unknown
  /** Where the data is in the file. */
  path: Path
  /** Further keys that are allowed here, for the message. The caller has removed them from the data. */
  alsoKnown?: string[]
}

/** Size limit of one form's file. */
export const maxFileBytes = 256 * 1024
const maxProblems = 20
const maxMessage = 1_000
const maxValueText = 60
const maxKeyText = 100

/** Nothing here throws. The first problems are collected, further ones are counted. */
export class FormFile {
  readonly data: unknown
  readonly warnings: FormProblem[] = []
  #problems: FormProblem[] = []
  #uncollected = 0
  #name: string
  #yaml: FormYaml

  /** A file without any of these keys is no form. It may be a secret that was linked by mistake, so messages quote nothing of it. */
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

  /** The data if the schema accepts it, otherwise problems are reported. Messages of the schema complete "expected …". */
  check<T>({ schema, data, path, alsoKnown = [] }: Check<T>): T | undefined {
    const wordAt = (at: Path) => this.#yaml.wordAt([...path, ...at])
    const { written, result } = parseAsWritten({ schema, data, error: expectedBy, wordAt })
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      const at = [...path, ...issue.path]
      if (issue.code !== 'unrecognized_keys') {
        // The key itself is what does not fit, not its value.
        const wrong = issue.code === 'invalid_key' ? at.at(-1) : valueAt(written, issue.path)
        const { found = this.#nullWord(issue, at) ?? valueText(wrong), row } = detailsOf(issue)
        this.report(at, issue.message, found, row)
        continue
      }
      const also = issue.path.length === 0 ? alsoKnown : []
      const keys = [...also, ...keysOf(schema, issue.path)]
      const expected = keys.length > 0 ? `one of ${keys.join(', ')}` : 'no such key'
      for (const key of issue.keys) this.report([...at, key], expected, valueText(key))
    }
    return undefined
  }

  /** YAML reads `null` and `~` as nothing. Where text is wanted, the author may have meant the word. */
  #nullWord(issue: z.core.$ZodIssue, at: Path): string | undefined {
    const { word, value } = this.#yaml.wordAt(at) ?? {}
    if (value !== null || !wantsText(issue)) return undefined
    return `${word}, which is nothing in YAML (the word itself is "${word}", in quotes)`
  }

  get problems(): FormProblem[] {
    if (this.#uncollected === 0) return this.#problems
    const line = this.#problems.at(-1)?.line ?? 1
    const more = { file: this.#name, line, path: '', message: `and ${this.#uncollected} more` }
    return [...this.#problems, more]
  }

  /** The plain word at the path if YAML reads it as something other than text. */
  wordAt(path: Path): Word | undefined {
    return this.#yaml.wordAt(path)
  }

  /** `row`: the line of the text at the path, from 1. */
  report(path: Path, expected: string, found: string, row = 1): void {
    const message = `${/^expected/i.test(expected) ? expected : `expected ${expected}`}, found ${found}`
    this.#add(this.#yaml.lineOf(path, row), path, message)
  }

  warn(path: Path, text: string): void {
    const message = printable(text, maxMessage)
    const place = { line: this.#yaml.lineOf(path), path: pathText(path) }
    this.warnings.push({ file: this.#name, ...place, message: `warning: ${message}` })
  }

  #add(line: number, path: Path, text: string): void {
    if (this.#problems.length >= maxProblems) {
      this.#uncollected += 1
      return
    }
    const message = printable(text, maxMessage)
    this.#problems.push({ file: this.#name, line, path: pathText(path), message })
  }
}

/** What a schema says about a value in `params` of its issue: what was found in it, and on which of its lines. */
const detailsOf = (issue: z.core.$ZodIssue): { found?: string; row?: number } =>
  (issue.code === 'custom' && issue.params) || {}

const pathText = (path: Path): string =>
  path.map((part) => printable(String(part), maxKeyText)).join('.')

/** A value of a form's file, short enough for a message. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'object') return kindOf(value)
  return printable(JSON.stringify(value), maxValueText)
}

/** The keys that a schema takes at a path. Empty if it is no object, or within a union. */
function keysOf(schema: z.ZodType, path: PropertyKey[]): string[] {
  const { def } = schema as { def: Partial<SchemaParts> }
  if (def.innerType) return keysOf(def.innerType, path)
  const [part, ...rest] = path
  if (part === undefined) return Object.keys(def.shape ?? {})
  const inner = def.shape?.[part as string] ?? def.valueType ?? def.element
  return inner ? keysOf(inner, rest) : []
}

/** The schemas within a zod schema: of a default or an optional value, an object, a record, an array. */
interface SchemaParts {
  innerType: z.ZodType
  shape: Record<string, z.ZodType>
  valueType: z.ZodType
  element: z.ZodType
}
