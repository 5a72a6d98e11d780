// Who may call a server that only this machine is to reach: no page of another site, no name that was pointed at this machine (DNS
// rebinding), and where there is a token nobody without it.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'

/** Set by `npm start` for its functions. A cluster has network policies in its place. */
export const InstanceConfig = z.object({
  INSTANCE_TOKEN: z
    .string()
    .min(32)
    .optional()
    .describe('Token for requests between the processes of one `npm start`, which sets it'),
})

interface Reached {
  /** The host that it listens on, where that is none of loopback. */
  host?: string | undefined
  /** What a link on another site may lead to: a browser shows it to the person alone. */
  isPage?: (path: string) => boolean
}

/** 403 for what comes from another site, and 401 without the token. */
export function guard(app: FastifyInstance, token: string): void {
  app.addHook('onRequest', async ({ raw, headers }, reply) => {
    const problem = foreignProblem(raw)
    if (problem) return reply.code(403).send(problem)
    if (isSame(headers.authorization ?? '', bearer(token))) return
    const expected = 'Expected the token of this instance: DATA_DIR/instance.json has it'
    return reply.code(401).header('www-authenticate', 'Bearer').send(expected)
  })
}

/** The value of the header Authorization. */
export const bearer = (token: string): string => `Bearer ${token}`

/** Hashes have one length, so the time tells nothing of either. */
function isSame(found: string, expected: string): boolean {
  const [one, other] = [found, expected].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(one as Buffer, other as Buffer)
}

/** Why a request is refused; undefined where it comes from this machine, and from no other site. */
export function foreignProblem(
  { headers, method, url = '' }: IncomingMessage,
  { host: listening, isPage = () => false }: Reached = {},
): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers
  const name = nameIn(host)
  if (!isLoopback(name) && !(listening && isOf(listening, name))) {
    return 'Expected the Host header to name this machine, found another name'
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return 'Expected calls from this site, found the Origin of another'
  }
  if (site === 'same-origin' || site === 'none') return undefined
  const [path = ''] = url.split('?')
  const navigates =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (navigates && method === 'GET' && isPage(path)) return undefined
  return 'Expected calls from this site, found one from a page of another'
}

/** Of `name`, `name:port` and `[address]:port`; nothing where it is none of these. */
const nameIn = (host: string): string =>
  /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host)?.slice(1).find(Boolean)?.toLowerCase() ??
  ''

const isLoopback = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '::1' ||
  (isIPv4(name) && name.startsWith('127.'))

/** One that listens on all addresses takes any IP address, but no name: a name can be pointed at this machine by others. */
const isOf = (listening: string, name: string): boolean =>
  listening.toLowerCase() === name || (isWildcard(listening) && isIP(name) !== 0)

export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'

/** A host that a server was told to listen on: is it of this machine alone? */
export const isLocalHost = (host: string): boolean => isLoopback(host.toLowerCase())
