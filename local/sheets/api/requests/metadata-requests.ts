// Requests that create, update and delete developer metadata.
import * as z from 'zod'
import { type Location, type Metadata, toResource } from '../../store/metadata.ts'
import type { Spreadsheet } from '../../store/open-store.ts'
import { parseFieldMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { tabOf } from '../grid-range.ts'
import { randomId, request } from './define-request.ts'

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
  (spreadsheet, { developerMetadata: { location, ...wanted } }) => {
    const metadata: Metadata = {
      ...wanted,
      metadataId: wanted.metadataId ?? randomId(),
      metadataValue: wanted.metadataValue ?? null,
      ...location,
    }
    checkLocation(spreadsheet, location)
    if (spreadsheet.store.metadata.byId(spreadsheet.id, metadata.metadataId)) {
      throw invalid(`Developer metadata with the id ${metadata.metadataId} already exists.`)
    }
    spreadsheet.store.metadata.add(spreadsheet.id, metadata)
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
  (spreadsheet, { dataFilters, developerMetadata, fields }) => {
    const mask = parseFieldMask(fields)
    const changes = Object.entries(developerMetadata).filter(([field]) => selects(mask, [field]))
    const changed = findAll(spreadsheet, dataFilters).map((metadata) => {
      const next: Metadata = { ...metadata, ...Object.fromEntries(changes) }
      spreadsheet.store.metadata.remove(spreadsheet.id, metadata.metadataId)
      spreadsheet.store.metadata.add(spreadsheet.id, next)
      return toResource(next)
    })
    return { updateDeveloperMetadata: { developerMetadata: changed } }
  },
)

const deleteDeveloperMetadata = request(z.object({ dataFilter }), (spreadsheet, { dataFilter }) => {
  const deleted = findAll(spreadsheet, [dataFilter])
  for (const { metadataId } of deleted)
    spreadsheet.store.metadata.remove(spreadsheet.id, metadataId)
  return { deleteDeveloperMetadata: { deletedDeveloperMetadata: deleted.map(toResource) } }
})

export const metadataRequests = {
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
}

function findAll(spreadsheet: Spreadsheet, filters: z.output<typeof dataFilter>[]): Metadata[] {
  const found = filters.flatMap((filter) => find(spreadsheet, filter.developerMetadataLookup))
  return [...new Map(found.map((metadata) => [metadata.metadataId, metadata])).values()]
}

function find({ store, id }: Spreadsheet, wanted: z.output<typeof lookup>): Metadata[] {
  const { metadataLocation, locationMatchingStrategy: strategy, ...fields } = wanted
  const values = Object.entries(fields)
  if (values.length === 0 && !metadataLocation)
    throw invalid('Expected a developerMetadataLookup that asks for something')
  const matches = strategy === 'EXACT_LOCATION' ? isSame : intersects
  const { metadataId } = fields
  const known =
    metadataId === undefined ? store.metadata.all(id) : [store.metadata.byId(id, metadataId)]
  return known.filter(
    (metadata) =>
      metadata !== undefined &&
      values.every(([field, value]) => metadata[field as keyof Metadata] === value) &&
      (!metadataLocation || matches(metadataLocation, metadata)),
  ) as Metadata[]
}

function checkLocation(spreadsheet: Spreadsheet, { sheetId, dimension, position }: Location): void {
  if (sheetId === null) return
  const tab = tabOf(spreadsheet, sheetId)
  const size = dimension === 'ROWS' ? tab.rowCount : tab.columnCount
  if (position !== null && position >= size)
    throw invalid(`Expected a location within the ${size} ${dimension}, found ${position}`)
}

const isSame = (one: Location, other: Location): boolean =>
  one.sheetId === other.sheetId &&
  one.dimension === other.dimension &&
  one.position === other.position

/** A tab intersects everything on it, and each row each column. The spreadsheet intersects only itself. */
const intersects = (one: Location, other: Location): boolean =>
  one.sheetId === other.sheetId &&
  (one.dimension === null || one.dimension !== other.dimension || one.position === other.position)
