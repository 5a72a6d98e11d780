// What an answer is as a cell.
import type { Field } from '#kit/forms/field.ts'
import type { Mismatch } from '#kit/forms/task-rules.ts'

export type Answer = string | number | boolean | string[]

/** Characters. Google's limit; a longer text would make it refuse the whole batch. */
export const maxCell = 50_000

/**
 * What stands between the choices in one cell: a comma; where an option has one, a semicolon; else a line end, which no option
 * can have. So that a cell can always be taken apart again.
 */
export function separatorOf(options: readonly string[]): string {
  const free = [', ', '; '].find((one) => !options.some((text) => text.includes(one.trim())))
  return free ?? '\n'
}

/** `options`: of the field, as the form has them now. An answer may hold one that it had before. */
export function toCell(
  answer: Answer | undefined,
  options: readonly string[] = [],
): string | number | boolean {
  if (!Array.isArray(answer)) return answer ?? ''
  return answer.join(separatorOf([...options, ...answer]))
}

/** The first field whose answer may be too long for a cell. */
export function tooLarge(fields: Field[]): Mismatch | undefined {
  for (const { name, type, maxLength, input } of fields) {
    const options = type === 'multi-choice' ? (input.choices ?? []) : []
    const between = separatorOf(options).length * Math.max(0, options.length - 1)
    if (maxLength + between <= maxCell) continue
    return {
      field: name,
      expected: `answers of at most ${maxCell} characters`,
      found: `up to ${maxLength + between}: fewer or shorter options`,
    }
  }
  return undefined
}
