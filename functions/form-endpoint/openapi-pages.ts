// Keeps the OpenAPI descriptions as they are sent, plain and compressed, until the forms change.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { openapi, openapiOf } from './openapi.ts'

interface Body {
  etag: string
  bytes: Buffer
}

export interface Page {
  plain: Body
  gzipped: Body
}

const compress = promisify(gzip)

async function pageOf(text: string): Promise<Page> {
  const plain = Buffer.from(text)
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  // Other bytes, so another tag: it is a strong one.
  const gzipped = { etag: `"${hash}-gzip"`, bytes: await compress(plain) }
  return { plain: { etag: `"${hash}"`, bytes: plain }, gzipped }
}

interface Pages {
  /** Of all forms. Made once for each set of them, however many ask. */
  all: () => Promise<Page>
  of: (form: Form) => Promise<Page>
}

export function openapiPages(allForms: () => Form[]): Pages {
  let last: { forms: Form[]; page: Promise<Page> } | undefined
  const pages = new WeakMap<Form, Promise<Page>>()
  return {
    all() {
      const forms = allForms()
      if (last && isSame(last.forms, forms)) return last.page
      const made = { forms, page: openapi(forms).then(pageOf) }
      last = made
      return made.page
    },
    of(form) {
      const page = pages.get(form) ?? pageOf(openapiOf(form))
      pages.set(form, page)
      return page
    },
  }
}

/** A form that changed is another object. */
const isSame = (some: Form[], others: Form[]): boolean =>
  some.length === others.length && some.every((form, index) => form === others[index])

/** https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function sendPage(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { plain, gzipped }: Page,
): FastifyReply {
  const zipped = takesGzip(headers['accept-encoding'])
  const { etag, bytes } = zipped ? gzipped : plain
  reply.headers({ etag, vary: 'Accept-Encoding', 'cache-control': 'no-cache' })
  if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
  if (zipped) reply.header('content-encoding', 'gzip')
  return reply.type('application/json; charset=utf-8').send(bytes)
}

/** `gzip;q=0` refuses it. */
function takesGzip(accepted = ''): boolean {
  const [, weight] = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(accepted) ?? []
  return /(?:^|,)\s*gzip\b/i.test(accepted) && (weight === undefined || Number(weight) > 0)
}

function isKnown(named: string | undefined, etag: string): boolean {
  const tags = named?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}
