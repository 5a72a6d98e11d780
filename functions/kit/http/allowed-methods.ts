// Which methods an address takes, to say so to who tries another: fastify itself knows only that it has no such route.
import { STATUS_CODES } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { problem, problemType } from '../handle-delivery.ts'

/** Call it before routes are added. What it returns answers the methods of a path, none where nothing is there. */
export function watchMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ method, url }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const one of [method].flat()) route.methods.add(one)
    routes.set(url, route)
  })
  return (path) => {
    const there = [...routes.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(there.flatMap(({ methods }) => [...methods]))]
  }
}

/** As fastify writes addresses: `/topics/:topic/records`, `/functions/:task/*`. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+|\*)/).map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')
  })
  return new RegExp(`^${parts.join('')}/?$`)
}

/** 405 with Allow where the address takes another method, else 404. */
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
