// The methods that each path accepts, for 405 responses: fastify answers 404 for a known path with another method.
import { STATUS_CODES } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { problem, problemType } from '../handle-delivery.ts'

/** Call it before routes are added. Returns a function from a path to its methods: empty if the path is unknown. */
export function watchMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ method, url }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const one of [method].flat()) route.methods.add(one)
    routes.set(url, route)
  })
  return (path) => {
    const matching = [...routes.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))]
  }
}

/** `url`: as fastify writes it, such as `/topics/:topic/records` or `/functions/:task/*`. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+|\*)/).map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')
  })
  return new RegExp(`^${parts.join('')}/?$`)
}

/** 405 with Allow if the path accepts other methods, else 404. */
export function answerNotFound(app: FastifyInstance): void {
  const methodsAt = watchMethods(app)
  app.setNotFoundHandler((request, reply) => {
    const allow = methodsAt(request.url.split('?')[0] as string)
    const status = allow.length > 0 ? 405 : 404
    if (status === 405) reply.header('allow', allow.join(', '))
    const { body } = problem(status, STATUS_CODES[status] as string)
    return reply.code(status).type(problemType).send(body)
  })
}
