// Routes of the pages: the list of mails, and each mail with its text, HTML, headers and source.
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { addAssets, addChanges, page } from '../../pages/send-page.ts'
import type { MailStore } from '../store.ts'
import { renderList } from './mail-list.ts'
import { renderMail } from './one-mail.ts'

/** Pages for people, which links on other sites may open. */
export const isPage = (path: string): boolean => path === '/' || /^\/mails\/\d+$/.test(path)

/** For the HTML of a mail in its frame: no scripts, nothing loaded from elsewhere, not even the mailbox's own pages. */
const framePolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; " +
  "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** Links open in a new tab, as the frame loads nothing. */
const frameStart = '<!doctype html><meta charset="utf-8"><base target="_blank">'

type One = { Params: { id: string } }

export function addPages(app: FastifyInstance, parts: { store: MailStore; changes: EventEmitter }) {
  const { store, changes } = parts
  addAssets(app, readFileSync(new URL('./mail.css', import.meta.url), 'utf8'))
  addChanges(app, changes)
  app.get('/', (_request, reply) => page(reply).send(renderList(store)))
  app.get<One>('/mails/:id', ({ params: { id } }, reply) => {
    const mail = store.find(id)
    return mail
      ? page(reply).send(renderMail(mail, store.source(id) as Uint8Array))
      : reply.callNotFound()
  })
  app.get<One>('/mails/:id/html', ({ params: { id } }, reply) => {
    const { html } = store.find(id) ?? { html: null }
    if (html === null) return reply.callNotFound()
    return page(reply)
      .header('content-security-policy', framePolicy)
      .send(frameStart + html)
  })
  app.get<One>('/mails/:id/source', ({ params: { id } }, reply) => {
    const source = store.source(id)
    return source
      ? reply.type('text/plain; charset=utf-8').send(Buffer.from(source))
      : reply.callNotFound()
  })
}
