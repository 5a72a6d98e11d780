// Rejects rows that Google would refuse. Otherwise Google would refuse the whole batch, and every row that waits behind it.
import { Rejected } from '#kit/errors.ts'
import { isFieldName } from '#kit/forms/compile/compile-fields.ts'
import { metadataKeys } from '../google/tab-snapshot.ts'
import type { Cell, Entry } from '../row.ts'
import { maxCellLength } from './cells.ts'

/** Characters. An id also occurs in three attributes of the `recorded` event, which has to fit into the log. */
const maxIdLength = 25_000

/**
 * Characters of all field names. Each column has its name as metadata; Google allows 30,000 characters of metadata in a tab, and the
 * marks of batches need the rest. A form with the most and longest names allowed needs 16,200.
 */
const maxNamesLength = 25_000

/** Throws `Rejected` if a value is not valid for a cell, or a name for a column. Messages quote no value. */
export function requireWritable({ id, timeCell, cause, values, labels = [] }: Entry): void {
  requireId('an id of the submission', id)
  requireId('an id of the event', cause.id)
  requireText('a time', timeCell)
  requireNames(values.map(([name]) => name))
  for (const [, label] of labels) requireText('a label', label)
  for (const [, cell] of values) requireText('an answer', cell)
}

function requireId(what: string, id: string | undefined): void {
  if (!id) throw new Rejected(`Expected ${what}, found none`)
  requireText(what, id, maxIdLength)
}

/** Google replaces half of a surrogate pair by another character, so a row with such an id would not be found again. */
function requireText(what: string, cell: Cell | undefined, maxLength = maxCellLength): void {
  if (typeof cell !== 'string') return
  if (cell.length > maxLength)
    throw new Rejected(`Expected ${what} of at most ${maxLength} characters, found ${cell.length}`)
  if (!cell.isWellFormed())
    throw new Rejected(`Expected ${what} of whole characters, found half of a surrogate pair`)
}

/** Accepts answers to fields that the form no longer has. Any other name, such as `id`, could be the header of another column. */
function requireNames(names: string[]): void {
  if (!names.every(isFieldName))
    throw new Rejected('Expected names that a field of a form can have, found another')
  const length = names.reduce((sum, name) => sum + metadataKeys.column.length + name.length, 0)
  if (length > maxNamesLength)
    throw new Rejected(
      `Expected names of columns of at most ${maxNamesLength} characters together, found ${length}`,
    )
}
