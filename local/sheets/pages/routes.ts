// The emulator's pages: a list of spreadsheets, and each as a grid that follows what is written.
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Store } from '../store/open-store.ts'
import { renderSpreadsheet } from './spreadsheet-grid.ts'
import { renderIndex } from './spreadsheet-list.ts'

const asset = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const everyMs = 250

/** For people to look at, so that a link on another site may lead there. */
export const isPage = (path: string): boolean => path === '/' || path.startsWith('/spreadsheets/')

export function addPages(app: FastifyInstance, parts: { store: Store; changes: EventEmitter }) {
  const { store, changes } = parts
  const css = asset('page.css')
  const script = asset('page.js')
  app.get('/page.css', (_request, reply) => reply.type('text/css').send(css))
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(script))
  app.get('/', (_request, reply) => page(reply).send(renderIndex(store)))
  app.get<{ Params: { id: string }; Querystring: { tab?: string } }>(
    '/spreadsheets/:id',
    ({ params: { id }, query: { tab } }, reply) => {
      const html = renderSpreadsheet({ store, id }, tab)
      return html ? page(reply).send(html) : reply.callNotFound()
    },
  )
  addChanges(app, changes)
}

const page = (reply: FastifyReply) =>
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })

/** Server-sent events: one for a moment of changes, however many; the page then fetches itself anew. */
function addChanges(app: FastifyInstance, changes: EventEmitter): void {
  const open = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.destroy()
  })
  app.get<{ Querystring: { spreadsheet?: string } }>('/changes', ({ query }, reply) => {
    const { raw } = reply.hijack()
    let pending: NodeJS.Timeout | undefined
    const tell = (id: string) => {
      if (query.spreadsheet !== undefined && query.spreadsheet !== id) return
      pending ??= setTimeout(() => {
        pending = undefined
        raw.write('data: changed\n\n')
      }, everyMs)
    }
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    raw.write('retry: 1000\n\n')
    open.add(reply)
    changes.on('change', tell)
    raw.once('close', () => {
      clearTimeout(pending)
      changes.off('change', tell)
      open.delete(reply)
    })
  })
}
