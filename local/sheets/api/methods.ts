// Finds the method of Google's API that a request calls. Fastify's router cannot: paths end in a colon and a verb.
import { openSpreadsheet, type Spreadsheet, type Store } from '../store/open-store.ts'
import { batchUpdate } from './batch-update.ts'
import { applyMask, parseFieldMask } from './field-mask.ts'
import { GoogleError } from './google-error.ts'
import { createSpreadsheet, getSpreadsheet } from './spreadsheets.ts'
import * as values from './values.ts'

export type Query = Record<string, string | string[] | undefined>
type Input = { range: string; query: Query; body: unknown }
type Method = {
  name: string
  kind: 'read' | 'write'
  route: [verb: string, path: RegExp]
  run: (spreadsheet: Spreadsheet, input: Input) => object
}
export type Call = Input & { method: Method; id: string }

const root = '/v4/spreadsheets'
const methods: Method[] = [
  {
    name: 'create',
    kind: 'write',
    route: ['POST', /^$/],
    run: (spreadsheet, { query }) => describe(spreadsheet, query),
  },
  {
    name: 'get',
    kind: 'read',
    route: ['GET', /^\/([^/]+)$/],
    run: (spreadsheet, { query }) => describe(spreadsheet, query),
  },
  {
    name: 'batchUpdate',
    kind: 'write',
    route: ['POST', /^\/([^/]+):batchUpdate$/],
    run: (spreadsheet, { body, query }) => batchUpdate(spreadsheet, body, maskOf(query)),
  },
  {
    name: 'values.get',
    kind: 'read',
    route: ['GET', /^\/([^/]+)\/values\/([^/]+)$/],
    run: (spreadsheet, { range, query }) => values.getValues(spreadsheet, range, query),
  },
  {
    name: 'values.batchGet',
    kind: 'read',
    route: ['GET', /^\/([^/]+)\/values:batchGet$/],
    run: (spreadsheet, { query }) => values.batchGetValues(spreadsheet, all(query.ranges), query),
  },
  {
    name: 'values.update',
    kind: 'write',
    route: ['PUT', /^\/([^/]+)\/values\/([^/]+)$/],
    run: (spreadsheet, { range, ...input }) => values.updateValues(spreadsheet, range, input),
  },
  {
    name: 'values.batchUpdate',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values:batchUpdate$/],
    run: (spreadsheet, { body }) => values.batchUpdateValues(spreadsheet, body),
  },
  {
    name: 'values.clear',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values\/([^/]+):clear$/],
    run: (spreadsheet, { range }) => values.clearValues(spreadsheet, range),
  },
  {
    name: 'values.batchClear',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values:batchClear$/],
    run: (spreadsheet, { body }) => values.batchClearValues(spreadsheet, body),
  },
]

/** `path`: still percent-encoded, so that a colon within an id or a range differs from the colon of a verb. */
export function findCall(verb: string, path: string, rest: Pick<Input, 'query' | 'body'>): Call {
  for (const method of path.startsWith(root) ? methods : []) {
    const match = method.route[0] === verb && method.route[1].exec(path.slice(root.length))
    if (!match) continue
    const [id = '', range = ''] = match.slice(1).map(decodeURIComponent)
    return { ...rest, method, id, range }
  }
  throw new GoogleError(404, `The emulator has no method ${verb} ${path}`)
}

export function run(store: Store, { method, id, ...input }: Call): unknown {
  const spreadsheet =
    method.name === 'create' ? createSpreadsheet(store, input.body) : openSpreadsheet(store, id)
  return applyMask(method.run(spreadsheet, input), maskOf(input.query))
}

function describe(spreadsheet: Spreadsheet, query: Query) {
  const includeGridData = query.includeGridData === 'true'
  return getSpreadsheet(spreadsheet, {
    ranges: all(query.ranges),
    includeGridData,
    mask: maskOf(query),
  })
}

const all = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat())

const maskOf = ({ fields }: Query) => parseFieldMask(all(fields).join(','))
