// The requests about developer metadata.
import * as z from 'zod'
import { type Metadata, type Place, toResource } from '../../store/metadata.ts'
import type { Book } from '../../store/open-store.ts'
import { parseMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { randomId, request, tabOf } from './define-request.ts'

const visibility = z.enum(['DOCUMENT', 'PROJECT'])
const dimensionRange = z
  .object({
    sheetId: z.int().default(0),
    dimension: z.enum(['ROWS', 'COLUMNS']),
    startIndex: z.int().min(0).default(0),
    endIndex: z.int().min(1),
  })
  .refine(({ startIndex, endIndex }) => endIndex === startIndex + 1, {
    error: 'The dimension range must represent a single row or column',
  })
const location = z.union(
  [
    z
      .object({ dimensionRange })
      .transform(({ dimensionRange: { sheetId, dimension, startIndex } }) => ({
        sheetId,
        dimension,
        position: startIndex,
      })),
    z.object({ sheetId: z.int() }).transform((on) => ({ ...on, dimension: null, position: null })),
    z
      .object({ spreadsheet: z.literal(true) })
      .transform(() => ({ sheetId: null, dimension: null, position: null })),
  ],
  { error: 'Expected as location a single row or column, a tab or the spreadsheet' },
)
const lookup = z.object({
  metadataId: z.int().optional(),
  metadataKey: z.string().optional(),
  metadataValue: z.string().optional(),
  visibility: visibility.optional(),
  metadataLocation: location.optional(),
  locationMatchingStrategy: z.enum(['EXACT_LOCATION', 'INTERSECTING_LOCATION']).optional(),
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
      ...location,
    }
    checkPlace(book, location)
    if (book.store.metadata.byId(book.id, metadata.metadataId)) {
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

function find({ store, id }: Book, wanted: z.output<typeof lookup>): Metadata[] {
  const { metadataLocation, locationMatchingStrategy: strategy, ...fields } = wanted
  const asked = Object.entries(fields)
  if (asked.length === 0 && !metadataLocation)
    throw invalid('Expected a developerMetadataLookup that asks for something')
  const meets = strategy === 'EXACT_LOCATION' ? isSame : intersects
  const { metadataId } = fields
  const known =
    metadataId === undefined ? store.metadata.all(id) : [store.metadata.byId(id, metadataId)]
  return known.filter(
    (metadata) =>
      metadata !== undefined &&
      asked.every(([field, value]) => metadata[field as keyof Metadata] === value) &&
      (!metadataLocation || meets(metadataLocation, metadata)),
  ) as Metadata[]
}

function checkPlace(book: Book, { sheetId, dimension, position }: Place): void {
  if (sheetId === null) return
  const tab = tabOf(book, sheetId)
  const size = dimension === 'ROWS' ? tab.rowCount : tab.columnCount
  if (position !== null && position >= size)
    throw invalid(`Expected a location within the ${size} ${dimension}, found ${position}`)
}

const isSame = (one: Place, other: Place): boolean =>
  one.sheetId === other.sheetId &&
  one.dimension === other.dimension &&
  one.position === other.position

/** A whole tab meets all that is on it, and each row each column. The spreadsheet meets only itself. */
const intersects = (one: Place, other: Place): boolean =>
  one.sheetId === other.sheetId &&
  (one.dimension === null || one.dimension !== other.dimension || one.position === other.position)
