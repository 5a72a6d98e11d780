// The OpenAPI description of the endpoint: one operation for each form, from the forms themselves.
import type { Form } from '#kit/forms/form.ts'
import { maxBytesOf } from './admit.ts'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

function operation(form: Form): object {
  return {
    operationId: `submit-${form.id}`,
    summary: `Submit ${form.title}`,
    parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
    requestBody: { required: true, content: { 'application/json': { schema: form.jsonSchema } } },
    responses: {
      202: {
        description: 'The submission is durable',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Accepted' } } },
      },
      400: problem('Malformed'),
      413: problem(`Over ${maxBytesOf(form) / 1024} KiB`),
      415: problem('Not JSON in UTF-8, or compressed'),
      422: problem('The answers do not fit the form: a message for each field'),
      503: problem('Cannot be stored right now; try again after Retry-After seconds'),
    },
  }
}

const components = {
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Requests with one key and the same answers are one submission',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  },
  schemas: {
    Accepted: {
      type: 'object',
      required: ['id', 'status'],
      properties: { id: { type: 'string', format: 'uuid' }, status: { const: 'accepted' } },
    },
    Problem: {
      type: 'object',
      required: ['type', 'status', 'title'],
      properties: {
        type: { type: 'string' },
        status: { type: 'integer' },
        title: { type: 'string' },
        detail: { type: 'string' },
        errors: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
}

export function openapi(forms: Iterable<Form>): object {
  const paths: Record<string, object> = {}
  for (const form of forms) {
    paths[`/forms/${form.id}`] = { post: operation(form) }
    if (form.path)
      paths[form.path] = { post: { ...operation(form), operationId: `submit-${form.id}-by-path` } }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Formstream', version: '1', description: 'Submit forms' },
    paths,
    components,
  }
}
