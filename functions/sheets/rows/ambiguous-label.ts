// Finds labels that would make two columns look the same, so that a value could go to the wrong one.
import type { Field } from '#kit/forms/field.ts'
import type { Mismatch } from '#kit/forms/task-rules.ts'
import { idColumn, timeColumn } from './columns.ts'

/** The first field whose label is the label or name of another field, or the header of the id or time column. */
export function findAmbiguousLabel(fields: Field[]): Mismatch | undefined {
  const names = new Set([idColumn, timeColumn, ...fields.map(({ name }) => name)])
  const labels = new Set<string>()
  for (const { name, label } of fields) {
    const header = label.trim()
    if (labels.has(header) || (header !== name && names.has(header)))
      return {
        field: name,
        expected: `a label that is no other field's label or name, nor "${idColumn}" or "${timeColumn}"`,
        found: JSON.stringify(header),
      }
    labels.add(header)
  }
  return undefined
}
