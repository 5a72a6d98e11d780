// YAML reads plain words such as 007, 3.10 and true as numbers and booleans. Where a schema wants text, the word counts as it is written.
import type * as z from 'zod'
import type { Path, Word } from './parse-yaml.ts'

interface Input<T> {
  schema: z.ZodType<T>
  data: unknown
  error: z.core.$ZodErrorMap
  /** The plain word at a path within the data. */
  wordAt: (path: Path) => Word | undefined
}

interface Output<T> {
  /** The data with words in the places where the schema wants text. */
  written: unknown
  result: z.ZodSafeParseResult<T>
}

export function parseAsWritten<T>({ schema, data, error, wordAt }: Input<T>): Output<T> {
  for (let written = data; ; ) {
    const result = schema.safeParse(written, { error })
    const words = (result.error?.issues ?? []).filter(wantsText).flatMap(({ path }) => {
      const { word, value } = wordAt(path) ?? {}
      const isText = typeof valueAt(written, path) === 'string'
      return word === undefined || value === null || isText ? [] : [{ path, word }]
    })
    if (words.length === 0) return { written, result }
    written = withWords(written, words)
  }
}

/** Whether text in place of what was found would have helped. */
export function wantsText(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'string'
  if (issue.code === 'invalid_value') return issue.values.some((one) => typeof one === 'string')
  return (
    issue.code === 'invalid_union' &&
    issue.errors.some((option) => option.some((one) => one.path.length === 0 && wantsText(one)))
  )
}

/** A copy with the words at their paths. */
function withWords(data: unknown, words: { path: Path; word: string }[]): unknown {
  // The wrapper lets a path be empty, which means the data itself.
  const copy = { data: structuredClone(data) }
  for (const { path, word } of words) {
    const full = ['data', ...path]
    const parent = valueAt(copy, full.slice(0, -1)) as Record<PropertyKey, unknown>
    parent[full.at(-1) as PropertyKey] = word
  }
  return copy.data
}

export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    data,
  )
}
