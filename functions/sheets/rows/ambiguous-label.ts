// Headers that could be taken for each other's: then values would come into the column of another field.
import type { Field } from '#kit/forms/form-fields.ts'
import type { Wrong } from '#kit/forms/form-tasks.ts'
import { idColumn, timeColumn } from './columns.ts'

/** The first field whose label is that of a column of ours, of another field, or another field's name. */
export function ambiguousLabel(fields: Field[]): Wrong | undefined {
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
