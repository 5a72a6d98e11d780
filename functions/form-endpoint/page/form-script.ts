// The script of the form's page. Pages work without it; with it, answers are checked while people type, and a submission is repeated
// until it is accepted.
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { readScript } from '../read-script.ts'

interface Script {
  text: string
  compressed: Buffer
  /** Another text has another version. */
  version: string
}

let script: Script | undefined

/** Read on first use, and kept. */
function load(): Script {
  if (script) return script
  const text = readScript('page/browser/page.js')
  const version = hash('sha256', text, 'base64url').slice(0, 12)
  script = { text, compressed: gzipSync(text), version }
  return script
}

/** Names the version, so that browsers may keep each for ever. */
export const scriptAddress = (): string => `/page.js?v=${load().version}`

export function serveFormScript(app: FastifyInstance): void {
  app.get('/page.js', async ({ query, headers }, reply) => {
    const { text, compressed, version } = load()
    const isPinned = (query as { v?: unknown }).v === version
    const takesGzip = /\bgzip\b/.test(String(headers['accept-encoding']))
    if (takesGzip) reply.header('content-encoding', 'gzip')
    return reply
      .headers({
        'cache-control': isPinned ? 'public, max-age=31536000, immutable' : 'no-cache',
        vary: 'Accept-Encoding',
        // Pages of other sites load it for a form that they embed.
        'access-control-allow-origin': '*',
      })
      .type('text/javascript; charset=utf-8')
      .send(takesGzip ? compressed : text)
  })
}
