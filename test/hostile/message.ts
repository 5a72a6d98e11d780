// HTTP messages as bytes, right or wrong.

export type Headers = (readonly [name: string, value: string])[]

interface Parts {
  method?: string
  path?: string
  headers?: Headers
  body?: string | Buffer
}

/** Nothing is checked or escaped: that is for the server. */
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

export const good = '{"text":"a"}'

export const submit = (body: string | Buffer, headers: Headers = []): Buffer =>
  post('/forms/all', body, headers)

/** As it is with the head in other words: what stands in a raw message is all that is sent. */
export const raw = (lines: string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`
