// Protects servers that only this machine should reach: against pages of other sites, against DNS rebinding (a foreign name that
// resolves to this machine), and, with a token, against other users of the machine.
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Adds a hook: 403 for requests from other sites, 401 without the token. */
export function guard(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(bearer(token))
  app.addHook('onRequest', ({ raw, headers }, reply, done) => {
    const problem = crossSiteProblem(raw)
    if (problem) {
      reply.code(403).send(problem)
    } else if (isSame(headers.authorization, expected)) {
      done()
    } else {
      const text = 'Expected the token of this instance: DATA_DIR/instance.json has it'
      reply.code(401).header('www-authenticate', 'Bearer').send(text)
    }
  })
}

/** The value of the header Authorization. */
export const bearer = (token: string): string => `Bearer ${token}`

/** In constant time for texts of the expected length, which is no secret. */
function isSame(found: string | undefined, expected: Buffer): boolean {
  const bytes = Buffer.from(found ?? '')
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}

interface Reached {
  /** The host that the server listens on, if it is not a loopback address. */
  host?: string | undefined
  /** Paths to which other sites may link: a browser shows the page to the person only. */
  isPage?: (path: string) => boolean
}

/** Why a request is refused; undefined if it was not sent by a page of another site or to another host name. */
export function crossSiteProblem(
  { headers, method, url = '' }: IncomingMessage,
  { host: listening, isPage = () => false }: Reached = {},
): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers
  const name = hostname(host)
  if (!isLoopback(name) && !(listening && isReachedAs(name, listening))) {
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

/** The host in `name`, `name:port` or `[address]:port`; empty if the header has another form. */
const hostname = (host: string): string =>
  /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host)?.slice(1).find(Boolean)?.toLowerCase() ??
  ''

const isLoopback = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '::1' ||
  (isIPv4(name) && name.startsWith('127.'))

/** A server on all interfaces accepts any IP address but no name, as anyone can point a name at this machine. */
const isReachedAs = (name: string, listening: string): boolean =>
  listening.toLowerCase() === name || (isWildcard(listening) && isIP(name) !== 0)

/** True for a server that listens on all interfaces. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'

/** True for a server that only this machine can reach. */
export const isLocalHost = (host: string): boolean => isLoopback(host.toLowerCase())
