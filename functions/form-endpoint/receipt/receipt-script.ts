// The script of receipts. Without it, the browser loads the page again every few seconds.
import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { readScript } from '../read-script.ts'

let script: { text: string; version: string } | undefined

/** Read on first use, and kept. */
function load() {
  if (script) return script
  const text = readScript('receipt/browser/receipt.js')
  script = { text, version: hash('sha256', text, 'base64url').slice(0, 12) }
  return script
}

/** Names the version, so that browsers may keep each for ever. */
export const receiptScriptAddress = (): string => `/receipt.js?v=${load().version}`

export function serveReceiptScript(app: FastifyInstance): void {
  app.get('/receipt.js', async ({ query }, reply) => {
    const { text, version } = load()
    const isPinned = (query as { v?: unknown }).v === version
    return reply
      .header('cache-control', isPinned ? 'public, max-age=31536000, immutable' : 'no-cache')
      .type('text/javascript; charset=utf-8')
      .send(text)
  })
}
