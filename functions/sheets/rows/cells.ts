// Converts answers to cells.
import type { Field } from '#kit/forms/field.ts'
import type { Mismatch } from '#kit/forms/task-rules.ts'

export type Answer = string | number | boolean | string[]

/** Characters in one cell. Google refuses a whole batch for one longer text. */
export const maxCellLength = 50_000

/**
 * Separates choices in one cell so that they can be split again: a comma; if an option contains one, a semicolon; otherwise a
 * line end, which no option can contain.
 */
export function separatorOf(options: readonly string[]): string {
  const free = [', ', '; '].find((one) => !options.some((text) => text.includes(one.trim())))
  return free ?? '\n'
}

/** `options`: those the field has now. An answer may contain options that it had before. */
export function toCell(
  answer: Answer | undefined,
  options: readonly string[] = [],
): string | number | boolean {
  if (!Array.isArray(answer)) return answer ?? ''
  return answer.join(separatorOf([...options, ...answer]))
}

/** The first field whose answers may be too long for a cell. */
export function findTooLong(fields: Field[]): Mismatch | undefined {
  for (const { name, type, maxLength, input } of fields) {
    const options = type === 'multi-choice' ? (input.choices ?? []) : []
    const separators = separatorOf(options).length * Math.max(0, options.length - 1)
    if (maxLength + separators <= maxCellLength) continue
    return {
      field: name,
      expected: `answers of at most ${maxCellLength} characters`,
      found: `up to ${maxLength + separators}: fewer or shorter options`,
    }
  }
  return undefined
}
