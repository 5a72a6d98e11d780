// What Google would refuse, and with it every row of the batch and all that wait behind it, is refused before it waits.
import { Rejected } from '#kit/errors.ts'
import { isFieldName } from '#kit/forms/form-fields.ts'
import type { Entry } from '../buffer/port.ts'
import { keys } from '../google/tab-snapshot.ts'
import { maxCell } from './cells.ts'
import type { Cell } from './columns.ts'

/** Characters. An id is also three attributes of the event that says where the row stands, which has to fit the log. */
const maxId = 25_000

/**
 * Characters. Each column carries its name as metadata, of which Google takes 30,000 characters for one tab; the rest is for the
 * marks of batches. A form with as many and as long names as it may have needs 16,200.
 */
const maxNames = 25_000

/** Throws `Rejected` where anything of a row is no cell, or its columns are no columns; quotes nothing of it. */
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
  requireText(what, id, maxId)
}

/** Also for whole characters: half of a pair comes back from Google as another one, so that a row is not found by its id. */
function requireText(what: string, cell: Cell | undefined, most = maxCell): void {
  if (typeof cell !== 'string') return
  if (cell.length > most)
    throw new Rejected(`Expected ${what} of at most ${most} characters, found ${cell.length}`)
  if (!cell.isWellFormed())
    throw new Rejected(`Expected ${what} of whole characters, found half of a surrogate pair`)
}

/** Answers to fields that the form no longer has are taken too. Any other name, such as `id`, could be that of a column of ours. */
function requireNames(names: string[]): void {
  if (!names.every(isFieldName))
    throw new Rejected('Expected names that a field of a form can have, found another')
  const characters = names.reduce((sum, name) => sum + keys.column.length + name.length, 0)
  if (characters > maxNames)
    throw new Rejected(
      `Expected names of columns of at most ${maxNames} characters together, found ${characters}`,
    )
}
