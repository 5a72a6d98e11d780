// One kind of request within a `batchUpdate`: the shape it must have, and what it does.
import type * as z from 'zod'
import type { Book } from '../../store/open-store.ts'
import type { Tab } from '../../store/tabs.ts'
import { check, invalid } from '../google-error.ts'

/** Answers its entry of `replies`. */
export type Request = (book: Book, body: unknown) => object

export const request =
  <T extends z.ZodType>(schema: T, run: (book: Book, body: z.output<T>) => object): Request =>
  (book, body) =>
    run(book, check(schema, body))

export function tabOf({ store, id }: Book, sheetId: number): Tab {
  const tab = store.tabs.byId(id, sheetId)
  if (!tab) throw invalid(`No grid with id: ${sheetId}`)
  return tab
}

export const randomId = () => Math.floor(Math.random() * 2 ** 31)
