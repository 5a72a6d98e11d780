// Components of the OpenAPI description: parameters, headers, responses and schemas that all operations share.

const text = { schema: { type: 'string' } }

const problemOf = (description: string, headers: Record<string, object> = {}) => ({
  description,
  ...(Object.keys(headers).length > 0 && { headers }),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const header = (name: keyof typeof headers) => ({
  [name]: { $ref: `#/components/headers/${name}` },
})

const headers = {
  Allow: { description: 'The methods that the address takes', ...text },
  'Accept-Encoding': { description: 'identity, where the body was compressed', ...text },
  'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': { description: 'Bearer', ...text },
  'Idempotency-Key': { description: 'To send the same submission again with', ...text },
  Location: {
    description: '202: the receipt, with its token. 303: the page that follows',
    ...text,
  },
}

export const components = {
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Requests with one key and the same answers are one submission',
      schema: { type: 'string', pattern: '^[!-~][ -~]{0,254}$' },
    },
  },
  headers,
  responses: {
    Accepted: {
      description: 'The submission is durable',
      headers: header('Location'),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Accepted' } } },
    },
    SeeOther: {
      description: 'The submission is durable, and the client asked for a page (Accept: text/html)',
      headers: header('Location'),
    },
    Malformed: problemOf('Malformed'),
    Unauthorized: problemOf('No API key of this form', header('WWW-Authenticate')),
    Forbidden: problemOf(
      'The protection of the form refuses it, and `reason` says why; or the page of another site sent it',
    ),
    TooMany: problemOf('Too many submissions', header('Retry-After')),
    NotFound: problemOf('There is no such form'),
    MethodNotAllowed: problemOf('Another method', header('Allow')),
    TooLarge: problemOf('Too large'),
    UnsupportedMediaType: problemOf(
      'Neither JSON in UTF-8 nor an HTML form without files, or compressed',
      header('Accept-Encoding'),
    ),
    Invalid: problemOf('The answers do not fit the form: a message for each field'),
    Fault: problemOf('Something went wrong here', header('Idempotency-Key')),
    Unavailable: problemOf('It cannot be stored now, or the file of the form is wrong', {
      ...header('Retry-After'),
      ...header('Idempotency-Key'),
    }),
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
        reason: { type: 'string' },
        errors: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
}

export const problem = (name: keyof typeof components.responses) => ({
  $ref: `#/components/responses/${name}`,
})

export const ok = (type: string, description: string, sent?: Record<string, object>) => ({
  description,
  ...(sent && { headers: sent }),
  content: {
    [type]: { schema: type.startsWith('text/') ? { type: 'string' } : { type: 'object' } },
  },
})

export const withoutBody = { description: 'As it was: If-None-Match names its ETag' }
