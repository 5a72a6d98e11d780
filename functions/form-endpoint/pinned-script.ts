// A script for browsers whose address names its version, so that browsers may keep each version for ever.
import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Cacheable, cacheable, sendCacheable } from './cacheable.ts'
import { readScript } from './read-script.ts'

const pinned = 'public, max-age=31536000, immutable'

export class PinnedScript {
  #url: string
  #path: string
  #loaded: { version: string; script: Promise<Cacheable> } | undefined

  /** `path`: as readScript takes it. The script is read on first use, and kept. */
  constructor(url: string, path: string) {
    this.#url = url
    this.#path = path
  }

  get address(): string {
    return `${this.#url}?v=${this.#load().version}`
  }

  serve(app: FastifyInstance, headers: Record<string, string> = {}): void {
    app.get(this.#url, async (request, reply) => {
      const { version, script } = this.#load()
      const isPinned = (request.query as { v?: unknown }).v === version
      reply.headers(headers)
      return sendCacheable(request, reply, {
        ...(await script),
        ...(isPinned && { cacheControl: pinned }),
      })
    })
  }

  #load() {
    if (this.#loaded) return this.#loaded
    const text = readScript(this.#path)
    const version = hash('sha256', text, 'base64url').slice(0, 12)
    const type = 'text/javascript; charset=utf-8'
    const script = cacheable(text, { type, cacheControl: 'no-cache' })
    this.#loaded = { version, script }
    return this.#loaded
  }
}
