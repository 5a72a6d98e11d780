// Sends the pages of a server in local/: style, script, headers, and the events by which an open page renews itself.
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { safeHeaders } from '#kit/http/safe-headers.ts'

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const minIntervalMs = 250

const asset = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')

/** `ownCss`: the style that only this server's pages need. */
export function addAssets(app: FastifyInstance, ownCss: string): void {
  const css = asset('page.css') + ownCss
  const script = asset('page.js')
  app.get('/page.css', (_request, reply) => reply.type('text/css').send(css))
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(script))
}

export const page = (reply: FastifyReply) =>
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })

/**
 * `GET /changes`: server-sent events, at most one in `minIntervalMs`, upon which the page fetches itself again. `topic`: the query
 * parameter by which a page asks for the changes of one thing, whose id is the argument of the event `change`.
 */
export function addChanges(app: FastifyInstance, changes: EventEmitter, topic?: string): void {
  const open = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.destroy()
  })
  app.get<{ Querystring: Record<string, string | undefined> }>('/changes', ({ query }, reply) => {
    const { raw } = reply.hijack()
    const wanted = topic === undefined ? undefined : query[topic]
    let pending: NodeJS.Timeout | undefined
    const onChange = (id?: string) => {
      if (wanted !== undefined && wanted !== id) return
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
