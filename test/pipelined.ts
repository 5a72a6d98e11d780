// Many POSTs to one server at once over few connections: each is written without waiting for the answers before it.
import { once } from 'node:events'
import { connect } from 'node:net'

export interface Post {
  path: string
  headers: Record<string, string>
  body: string
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** Milliseconds from its POST; the answers of a connection come in its order. */
  took: number
}

/** One connection. Resolves with the answers, in order. */
export async function pipelined(origin: string, posts: Post[]): Promise<Answer[]> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const since = performance.now()
  socket.write(posts.map(toRequest).join(''))
  const answers: Answer[] = []
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) {
    text += chunk
    for (let end = endOf(text); end !== undefined; end = endOf(text)) {
      answers.push({ ...toAnswer(text.slice(0, end)), took: performance.now() - since })
      text = text.slice(end)
    }
    if (answers.length === posts.length) break
  }
  if (answers.length < posts.length) throw new Error('Expected all answers, found the end of them')
  return answers
}

const toRequest = ({ path, headers, body }: Post): string => {
  const all = { host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Where the first answer of the text ends; undefined while it is not complete. */
function endOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(text.slice(0, head))?.[1]
  const end = head + 4 + Number(length)
  return head < 0 || text.length < end ? undefined : end
}

function toAnswer(text: string): Omit<Answer, 'took'> {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body }
}
