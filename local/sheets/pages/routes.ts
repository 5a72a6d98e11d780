// Routes of the pages: the list of spreadsheets, and each spreadsheet as a grid that updates itself.
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { addAssets, addChanges, page } from '../../pages/send-page.ts'
import type { Store } from '../store/open-store.ts'
import { renderSpreadsheet } from './spreadsheet-grid.ts'
import { renderIndex } from './spreadsheet-list.ts'

/** Pages for people, which links on other sites may open. */
export const isPage = (path: string): boolean => path === '/' || path.startsWith('/spreadsheets/')

export function addPages(app: FastifyInstance, parts: { store: Store; changes: EventEmitter }) {
  const { store, changes } = parts
  addAssets(app, readFileSync(new URL('./sheet.css', import.meta.url), 'utf8'))
  addChanges(app, changes, 'spreadsheet')
  app.get('/', (_request, reply) => page(reply).send(renderIndex(store)))
  app.get<{ Params: { id: string }; Querystring: { tab?: string } }>(
    '/spreadsheets/:id',
    ({ params: { id }, query: { tab } }, reply) => {
      const html = renderSpreadsheet({ store, id }, tab)
      return html ? page(reply).send(html) : reply.callNotFound()
    },
  )
}
