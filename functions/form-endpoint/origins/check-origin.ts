// Whether the page that sent a submission may do so. It keeps other sites from submitting in the name of people who visit them.
import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { forbidden, type ProblemError } from '../problem.ts'

/** Undefined for pages of this site, for sites that the form names, and for clients that are no browsers: they send no Origin. */
export function originProblem(
  { headers, host }: Pick<FastifyRequest, 'headers' | 'host'>,
  { origins }: Pick<Form, 'origins'>,
): ProblemError | undefined {
  const { origin, 'sec-fetch-site': site } = headers
  if (origin === undefined || allows(origins, origin)) return undefined
  // Where a browser says it, a proxy that changes the Host does not matter.
  const isThisSite = site === undefined ? isOriginOf(host, origin) : ownSite.has(String(site))
  return isThisSite
    ? undefined
    : forbidden('Expected a page of this site, or of one that the form allows')
}

/** `origin`: the header. It is `null` for a page that has none, such as a file: then only `*` allows it. */
export const allows = (origins: string[], origin: string): boolean =>
  origins.includes('*') || origins.includes(origin)

const ownSite = new Set(['same-origin', 'none'])

/** The scheme is not compared: behind a proxy this server does not know its own. */
function isOriginOf(host: string, origin: string): boolean {
  const url = URL.parse(origin)
  // Other addresses have no host: `file://` would be that of `localhost`.
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return URL.parse(`${url.protocol}//${host}`)?.host === url.host
}
