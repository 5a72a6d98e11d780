// HTTP requests as bytes, valid or not.

export type Headers = (readonly [name: string, value: string])[]

interface Parts {
  method?: string
  path?: string
  headers?: Headers
  body?: string | Buffer
}

/** A request with `Content-Length` and `Connection: close`. Nothing is checked or escaped. */
export function message({ method = 'POST', path = '/', headers = [], body = '' }: Parts): Buffer {
  const bytes = Buffer.from(body)
  const all = [
    ['Host', 'localhost'],
    ['Connection', 'close'],
    ['Content-Length', String(bytes.length)],
    ...headers,
  ]
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`), bytes])
}

const json = ['Content-Type', 'application/json'] as const

export const post = (path: string, body: string | Buffer, headers: Headers = []): Buffer =>
  message({ path, body, headers: [json, ...headers] })

/** Valid answers to the form. */
export const validBody = '{"text":"a"}'

export const submit = (body: string | Buffer, headers: Headers = []): Buffer =>
  post('/forms/all', body, headers)

/** A request of exactly these head lines and this body; no header is added. */
export const raw = (lines: string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`
