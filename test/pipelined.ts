// HTTP pipelining: several POSTs on one connection, each written without waiting for the answers to those before.
import { once } from 'node:events'
import { connect } from 'node:net'
import { type RawAnswer, toAnswer } from './raw.ts'

export interface Post {
  path: string
  headers: Record<string, string>
  body: string
}

export interface Answer extends RawAnswer {
  /** Milliseconds from the sending of the POSTs to this answer. */
  took: number
}

/** Sends all POSTs over one connection. Resolves with the answers, in the order of the POSTs. */
export async function pipelined(origin: string, posts: Post[]): Promise<Answer[]> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const began = performance.now()
  socket.write(posts.map(toRequest).join(''))
  const answers: Answer[] = []
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) {
    text += chunk
    for (let end = endOf(text); end !== undefined; end = endOf(text)) {
      answers.push({ ...toAnswer(text.slice(0, end)), took: performance.now() - began })
      text = text.slice(end)
    }
    if (answers.length === posts.length) break
  }
  if (answers.length < posts.length) {
    throw new Error(`Expected ${posts.length} answers, found ${answers.length}`)
  }
  return answers
}

const toRequest = ({ path, headers, body }: Post): string => {
  const all = { host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** The index at which the first answer ends. Undefined while it is incomplete. */
function endOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(text.slice(0, head))?.[1]
  const end = head + 4 + Number(length)
  return head < 0 || text.length < end ? undefined : end
}
