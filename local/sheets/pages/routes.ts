// Routes of the pages: the list of spreadsheets, and each spreadsheet as a grid that updates itself.
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { safeHeaders } from '#kit/http/safe-headers.ts'
import type { Store } from '../store/open-store.ts'
import { renderSpreadsheet } from './spreadsheet-grid.ts'
import { renderIndex } from './spreadsheet-list.ts'

const asset = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const minIntervalMs = 250

/** Pages for people, which links on other sites may open. */
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
    'content-security-policy': contentSecurityPolicy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })

/** Server-sent events: at most one in `minIntervalMs`, upon which the page fetches itself again. */
function addChanges(app: FastifyInstance, changes: EventEmitter): void {
  const open = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.destroy()
  })
  app.get<{ Querystring: { spreadsheet?: string } }>('/changes', ({ query }, reply) => {
    const { raw } = reply.hijack()
    let pending: NodeJS.Timeout | undefined
    const onChange = (id: string) => {
      if (query.spreadsheet !== undefined && query.spreadsheet !== id) return
      pending ??= setTimeout(() => {
        pending = undefined
        raw.write('data: changed\n\n')
      }, minIntervalMs)
    }
    raw.writeHead(200, { ...safeHeaders, 'content-type': 'text/event-stream' })
    raw.write('retry: 1000\n\n')
    open.add(reply)
    changes.on('change', onChange)
    raw.once('close', () => {
      clearTimeout(pending)
      changes.off('change', onChange)
      open.delete(reply)
    })
  })
}
