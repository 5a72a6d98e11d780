// Which method of Google's API a request means. Its paths end in verbs after a colon, which no router knows.
import { type Book, openBook, type Store } from '../store/open-store.ts'
import { batchUpdate } from './batch-update.ts'
import { parseMask, project } from './field-mask.ts'
import { GoogleError } from './google-error.ts'
import { createSpreadsheet, getSpreadsheet } from './spreadsheets.ts'
import * as values from './values.ts'

export type Query = Record<string, string | string[] | undefined>
type Input = { range: string; query: Query; body: unknown }
type Method = {
  name: string
  kind: 'read' | 'write'
  route: [verb: string, path: RegExp]
  run: (book: Book, input: Input) => object
}
export type Call = Input & { method: Method; id: string }

const root = '/v4/spreadsheets'
const methods: Method[] = [
  {
    name: 'create',
    kind: 'write',
    route: ['POST', /^$/],
    run: (book, { query }) => describe(book, query),
  },
  {
    name: 'get',
    kind: 'read',
    route: ['GET', /^\/([^/]+)$/],
    run: (book, { query }) => describe(book, query),
  },
  {
    name: 'batchUpdate',
    kind: 'write',
    route: ['POST', /^\/([^/]+):batchUpdate$/],
    run: (book, { body, query }) => batchUpdate(book, body, maskOf(query)),
  },
  {
    name: 'values.get',
    kind: 'read',
    route: ['GET', /^\/([^/]+)\/values\/([^/]+)$/],
    run: (book, { range, query }) => values.getValues(book, range, query),
  },
  {
    name: 'values.batchGet',
    kind: 'read',
    route: ['GET', /^\/([^/]+)\/values:batchGet$/],
    run: (book, { query }) => values.batchGetValues(book, all(query.ranges), query),
  },
  {
    name: 'values.update',
    kind: 'write',
    route: ['PUT', /^\/([^/]+)\/values\/([^/]+)$/],
    run: (book, { range, ...input }) => values.updateValues(book, range, input),
  },
  {
    name: 'values.batchUpdate',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values:batchUpdate$/],
    run: (book, { body }) => values.batchUpdateValues(book, body),
  },
  {
    name: 'values.clear',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values\/([^/]+):clear$/],
    run: (book, { range }) => values.clearValues(book, range),
  },
  {
    name: 'values.batchClear',
    kind: 'write',
    route: ['POST', /^\/([^/]+)\/values:batchClear$/],
    run: (book, { body }) => values.batchClearValues(book, body),
  },
]

/** `path` as sent, still encoded: only then is a colon within an id or a range told from a verb's. */
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
  const book = method.name === 'create' ? createSpreadsheet(store, input.body) : openBook(store, id)
  return project(method.run(book, input), maskOf(input.query))
}

function describe(book: Book, query: Query) {
  const includeGridData = query.includeGridData === 'true'
  return getSpreadsheet(book, { ranges: all(query.ranges), includeGridData, mask: maskOf(query) })
}

const all = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat())

const maskOf = ({ fields }: Query) => parseMask(all(fields).join(','))
