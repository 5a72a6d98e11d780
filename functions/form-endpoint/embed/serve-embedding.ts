// Serves the script with which pages of other sites embed a form. The form itself is its page, which the script reads: see
// origins/serve-cors.ts for who may.
import type { FastifyInstance } from 'fastify'
import { type Cacheable, cacheable, sendCacheable } from '../cacheable.ts'
import { formScript } from '../page/form-script.ts'
import { readScript } from '../read-script.ts'

export function serveEmbedding(app: FastifyInstance): void {
  let script: Promise<Cacheable> | undefined
  app.get('/embed.js', async (request, reply) => {
    script ??= load()
    // Without them, browsers would keep the script from pages of other sites: the second is for attributes such as `crossorigin`.
    reply.headers({
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
    })
    return sendCacheable(request, reply, await script)
  })
}

function load(): Promise<Cacheable> {
  const text = readScript('embed/browser/embed.js').replace('/page.js', formScript.address)
  const type = 'text/javascript; charset=utf-8'
  // Ten minutes, so that a page that many people open does not ask each time.
  return cacheable(text, { type, cacheControl: 'public, max-age=600' })
}
