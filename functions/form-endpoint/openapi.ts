// Makes the OpenAPI description of all forms or of one. As text that is joined from pieces: with a thousand forms it has megabytes.
import type { Form } from '#kit/forms/form.ts'
import { yieldToRequests } from '#kit/yield-to-requests.ts'
import { maxBytesOf } from './check-before-body.ts'
import { components, ok, problem, withoutBody } from './openapi-parts.ts'
import { protectedResponses, protectedSecurity, securitySchemes } from './protect/openapi.ts'

const bodyTypes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']

function submission(form: Form): object {
  const schema = { $ref: `#/components/schemas/${form.id}` }
  return {
    operationId: `submit-${form.id}`,
    summary: `Submit ${form.title}`,
    parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
    requestBody: {
      required: true,
      content: Object.fromEntries(bodyTypes.map((type) => [type, { schema }])),
    },
    responses: {
      202: { $ref: '#/components/responses/Accepted' },
      303: { $ref: '#/components/responses/SeeOther' },
      400: problem('Malformed'),
      403: problem('Forbidden'),
      404: problem('NotFound'),
      405: problem('MethodNotAllowed'),
      413: {
        ...components.responses.TooLarge,
        description: `Over ${maxBytesOf(form) / 1024} KiB`,
      },
      415: problem('UnsupportedMediaType'),
      422: problem('Invalid'),
      500: problem('Fault'),
      503: problem('Unavailable'),
      ...protectedResponses(form),
    },
    ...protectedSecurity(form),
  }
}

const read = (operationId: string, summary: string, answer: object, others: object = {}) => ({
  get: {
    operationId,
    summary,
    responses: {
      200: answer,
      400: problem('Malformed'),
      405: problem('MethodNotAllowed'),
      ...others,
    },
  },
})

function pathsOf(form: Form): Record<string, object> {
  const { id, path } = form
  const post = submission(form)
  const described = { 404: problem('NotFound'), 503: problem('Unavailable') }
  const schema = ok('application/schema+json', 'JSON Schema of the answers')
  const page = ok('text/html', 'A page')
  const shown = (operationId: string) =>
    read(operationId, `The page of ${form.title}`, page, described)
  return {
    [`/forms/${id}`]: { post, ...shown(`page-${id}`) },
    ...(path && {
      [path]: {
        post: { ...post, operationId: `submit-${id}-by-path` },
        ...shown(`page-${id}-by-path`),
      },
    }),
    [`/forms/${id}/thanks`]: read(`thanks-${id}`, 'The page after a submission', page, described),
    [`/forms/${id}/schema.json`]: read(
      `schema-${id}`,
      'The answers as JSON Schema',
      schema,
      described,
    ),
    [`/forms/${id}/openapi.json`]: read(`openapi-${id}`, 'This form as OpenAPI', openapiAnswer, {
      ...described,
      304: withoutBody,
    }),
  }
}

const cacheHeaders = { ETag: { schema: { type: 'string' } }, Vary: { schema: { type: 'string' } } }
const openapiAnswer = ok('application/json', 'OpenAPI 3.1', cacheHeaders)
const embedAnswer = ok('text/javascript', 'A script', cacheHeaders)

const health = ok('application/json', 'It works')

const receipt = {
  parameters: [
    { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
    { name: 'token', in: 'query', required: true, schema: { type: 'string' } },
  ],
  ...read('receipt', 'What became of a submission', ok('application/json', 'The receipt'), {
    404: problem('NotFound'),
  }),
}

const common: Record<string, object> = {
  '/openapi.json': read('openapi', 'All forms as OpenAPI', openapiAnswer, { 304: withoutBody }),
  '/embed.js': read('embed', 'Draws a form in a page of another site', embedAnswer, {
    304: withoutBody,
  }),
  '/health/liveness': read('liveness', 'Whether the process answers', health),
  '/health/readiness': read('readiness', 'Whether submissions can be stored', health, {
    503: ok('application/json', 'They cannot, or a task has trouble'),
  }),
  '/submissions/{id}': receipt,
  '/metrics': read('metrics', 'For Prometheus', ok('text/plain', 'Metrics')),
}

/** The members of an object as JSON, without the braces. */
const membersOf = (value: object): string => JSON.stringify(value).slice(1, -1)

/** The beginning of every description. */
const start = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Formstream', version: '1', description: 'Submit forms' },
  servers: [{ url: '/' }],
}).slice(0, -1)

interface Pieces {
  paths: string
  schema: string
}

/** An edited form is a new object, so pieces are made once. */
const cache = new WeakMap<Form, Pieces>()

function piecesOf(form: Form): Pieces {
  const cached = cache.get(form)
  if (cached) return cached
  const pieces = {
    paths: membersOf(pathsOf(form)),
    schema: membersOf({ [form.id]: form.jsonSchema }),
  }
  cache.set(form, pieces)
  return pieces
}

function documentOf(pieces: Pieces[], others: Record<string, object>): string {
  const paths = Object.keys(others).length > 0 ? [membersOf(others)] : []
  const schemas = [membersOf(components.schemas)]
  for (const { paths: own, schema } of pieces) {
    paths.push(own)
    schemas.push(schema)
  }
  const { parameters, headers, responses } = components
  const rest = membersOf({ parameters, headers, responses, securitySchemes })
  return `${start},"paths":{${paths.join()}},"components":{${rest},"schemas":{${schemas.join()}}}}`
}

export const openapiOf = (form: Form): string => documentOf([piecesOf(form)], {})

/** Yields between forms, so that submissions are answered meanwhile. */
export async function openapi(forms: Form[]): Promise<string> {
  const yieldIfDue = yieldToRequests()
  const pieces: Pieces[] = []
  for (const form of forms) {
    pieces.push(piecesOf(form))
    await yieldIfDue()
  }
  return documentOf(pieces, common)
}
