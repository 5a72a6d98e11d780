// The requests about developer metadata.
import * as z from 'zod'
import { invalid } from './google-error.ts'
import { parseMask, selects } from './mask.ts'
import { type Metadata, toResource } from './metadata.ts'
import { randomId, request, tabOf } from './request.ts'
import type { Book } from './store.ts'

const visibility = z.enum(['DOCUMENT', 'PROJECT'])
const location = z.union([
  z.object({ sheetId: z.int() }),
  z.object({ spreadsheet: z.literal(true) }).transform(() => ({ sheetId: null })),
])
const lookup = z.object({
  metadataId: z.int().optional(),
  metadataKey: z.string().optional(),
  metadataValue: z.string().optional(),
  visibility: visibility.optional(),
  metadataLocation: location.optional(),
})
const dataFilter = z.object({ developerMetadataLookup: lookup })

const createDeveloperMetadata = request(
  z.object({
    developerMetadata: z.object({
      metadataId: z.int().min(1).optional(),
      metadataKey: z.string().min(1),
      metadataValue: z.string().optional(),
      visibility,
      location,
    }),
  }),
  (book, { developerMetadata: { location, ...wanted } }) => {
    const metadata: Metadata = {
      ...wanted,
      metadataId: wanted.metadataId ?? randomId(),
      metadataValue: wanted.metadataValue ?? null,
      sheetId: location.sheetId,
    }
    if (metadata.sheetId !== null) tabOf(book, metadata.sheetId)
    if (find(book, { metadataId: metadata.metadataId }).length) {
      throw invalid(`Developer metadata with the id ${metadata.metadataId} already exists.`)
    }
    book.store.metadata.add(book.id, metadata)
    return { createDeveloperMetadata: { developerMetadata: toResource(metadata) } }
  },
)

const updateDeveloperMetadata = request(
  z.object({
    dataFilters: z.array(dataFilter).min(1),
    developerMetadata: z.object({
      metadataKey: z.string().min(1).optional(),
      metadataValue: z.string().optional(),
      visibility: visibility.optional(),
    }),
    fields: z.string().min(1),
  }),
  (book, { dataFilters, developerMetadata, fields }) => {
    const mask = parseMask(fields)
    const chosen = Object.entries(developerMetadata).filter(([field]) => selects(mask, [field]))
    const changed = findAll(book, dataFilters).map((metadata) => {
      const next: Metadata = { ...metadata, ...Object.fromEntries(chosen) }
      book.store.metadata.remove(book.id, metadata.metadataId)
      book.store.metadata.add(book.id, next)
      return toResource(next)
    })
    return { updateDeveloperMetadata: { developerMetadata: changed } }
  },
)

const deleteDeveloperMetadata = request(z.object({ dataFilter }), (book, { dataFilter }) => {
  const deleted = findAll(book, [dataFilter])
  for (const { metadataId } of deleted) book.store.metadata.remove(book.id, metadataId)
  return { deleteDeveloperMetadata: { deletedDeveloperMetadata: deleted.map(toResource) } }
})

export const metadataRequests = {
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
}

function findAll(book: Book, filters: z.output<typeof dataFilter>[]): Metadata[] {
  const found = filters.flatMap((filter) => find(book, filter.developerMetadataLookup))
  return [...new Map(found.map((metadata) => [metadata.metadataId, metadata])).values()]
}

function find({ store, id }: Book, { metadataLocation, ...fields }: z.output<typeof lookup>) {
  const wanted = Object.entries({ ...fields, ...metadataLocation })
  if (wanted.length === 0)
    throw invalid('Expected a developerMetadataLookup that asks for something')
  return store.metadata
    .all(id)
    .filter((metadata) =>
      wanted.every(([field, value]) => metadata[field as keyof Metadata] === value),
    )
}
