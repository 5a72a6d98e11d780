// Serves JSON Schema and OpenAPI descriptions. Each OpenAPI description is kept, plain and compressed, until the forms change.
import type { FastifyInstance } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { type Cacheable, cacheable, sendCacheable } from './cacheable.ts'
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
    sendCacheable(request, reply, await pages.of(lookup.requireForm(request))),
  )
  operators.get('/openapi.json', async (request, reply) =>
    sendCacheable(request, reply, await pages.all()),
  )
}

const toPage = (text: string): Promise<Cacheable> =>
  cacheable(text, { type: 'application/json; charset=utf-8', cacheControl: 'no-cache' })

interface Pages {
  /** The description of all forms. Concurrent requests share one. */
  all: () => Promise<Cacheable>
  of: (form: Form) => Promise<Cacheable>
}

export function openapiPages(allForms: () => Form[]): Pages {
  let last: { forms: Form[]; page: Promise<Cacheable> } | undefined
  const pages = new WeakMap<Form, Promise<Cacheable>>()
  return {
    all() {
      const forms = allForms()
      if (!last || !isSame(last.forms, forms)) {
        last = { forms, page: openapi(forms).then(toPage) }
      }
      return last.page
    },
    of(form) {
      const page = pages.get(form) ?? toPage(openapiOf(form))
      pages.set(form, page)
      return page
    },
  }
}

/** An edited form is a new object. */
const isSame = (some: Form[], others: Form[]): boolean =>
  some.length === others.length && some.every((form, index) => form === others[index])
