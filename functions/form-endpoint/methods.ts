// Says of each address which methods it takes, to who tries another.
import type { FastifyInstance } from 'fastify'
import { notAllowed } from './problem.ts'

/** Call it before the addresses that are only read are registered; what it returns, after that. */
export function watchReads(app: FastifyInstance): () => void {
  const urls = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    if (method === 'GET') urls.add(url)
  })
  return () => {
    const others = app.supportedMethods.filter((method) => method !== 'GET' && method !== 'HEAD')
    for (const url of urls) {
      const refuse = () => Promise.reject(notAllowed(['GET', 'HEAD']))
      app.route({ method: others, url, onRequest: refuse, handler: refuse })
    }
  }
}
