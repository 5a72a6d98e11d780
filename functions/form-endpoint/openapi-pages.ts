// Serves JSON Schema and OpenAPI descriptions. Each OpenAPI description is kept, plain and compressed, until the forms change.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { FormLookup } from './form-lookup.ts'
import { openapi, openapiOf } from './openapi.ts'

interface Descriptions {
  /** Serves the description of all forms. */
  operators: FastifyInstance
  lookup: FormLookup
  allForms: () => Form[]
}

export function serveDescriptions(
  app: FastifyInstance,
  { operators, lookup, allForms }: Descriptions,
): void {
  const pages = openapiPages(allForms)
  app.get('/forms/:form/schema.json', async (request, reply) =>
    reply
      .type('application/schema+json')
      .send(JSON.stringify(lookup.requireForm(request).jsonSchema)),
  )
  app.get('/forms/:form/openapi.json', async (request, reply) =>
    sendPage(request, reply, await pages.of(lookup.requireForm(request))),
  )
  operators.get('/openapi.json', async (request, reply) =>
    sendPage(request, reply, await pages.all()),
  )
}

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
  // A strong ETag differs for other bytes, such as compressed ones.
  const gzipped = { etag: `"${hash}-gzip"`, bytes: await compress(plain) }
  return { plain: { etag: `"${hash}"`, bytes: plain }, gzipped }
}

interface Pages {
  /** The description of all forms. Concurrent requests share one. */
  all: () => Promise<Page>
  of: (form: Form) => Promise<Page>
}

export function openapiPages(allForms: () => Form[]): Pages {
  let last: { forms: Form[]; page: Promise<Page> } | undefined
  const pages = new WeakMap<Form, Promise<Page>>()
  return {
    all() {
      const forms = allForms()
      if (!last || !isSame(last.forms, forms)) {
        last = { forms, page: openapi(forms).then(pageOf) }
      }
      return last.page
    },
    of(form) {
      const page = pages.get(form) ?? pageOf(openapiOf(form))
      pages.set(form, page)
      return page
    },
  }
}

/** An edited form is a new object. */
const isSame = (some: Form[], others: Form[]): boolean =>
  some.length === others.length && some.every((form, index) => form === others[index])

/** 304 if the client has it already: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
function sendPage(
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

/** `accepted`: the header Accept-Encoding, in which `gzip;q=0` refuses gzip. */
function takesGzip(accepted = ''): boolean {
  const [, weight] = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(accepted) ?? []
  return /(?:^|,)\s*gzip\b/i.test(accepted) && (weight === undefined || Number(weight) > 0)
}

/** `known`: the header If-None-Match. */
function isKnown(known: string | undefined, etag: string): boolean {
  const tags = known?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}
