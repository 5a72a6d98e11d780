// Takes the body that a browser sends for an HTML form: names and values in the encoding of its page.
import { TextDecoder } from 'node:util'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { malformed, type ProblemError, tooLarge, unsupported } from '../problem.ts'
import { charsetOf } from '../request-headers.ts'

type Done = (error: Error | null, body?: unknown) => void

export function takeFormBody(app: FastifyInstance): void {
  const options = { parseAs: 'buffer' } as const
  app.addContentTypeParser('application/x-www-form-urlencoded', options, parse)
}

function parse(request: FastifyRequest, body: string | Buffer, done: Done): void {
  try {
    if (body.length > request.maxBytes) throw tooLarge(request.maxBytes)
    done(null, answersIn(body as Buffer, charsetOf(request)))
  } catch (error) {
    done(error as ProblemError)
  }
}

/** Names and values as bytes: one character for each, as Buffer's encoding latin1 has it. */
type Pair = [name: string, value: string]

/** A name that is sent several times has a list of values. */
function answersIn(body: Buffer, charset: string | undefined): object {
  const pairs = body.toString('latin1').split('&').filter(Boolean).map(toPair)
  const declared = pairs.find(([name]) => name === '_charset_')?.[1]
  const decode = decoderOf(declared || charset || 'utf-8')
  const answers: Record<string, string | string[]> = Object.create(null)
  for (const pair of pairs) {
    const [name, value] = pair.map(decode) as Pair
    const before = answers[name]
    answers[name] = before === undefined ? value : [before, value].flat()
  }
  return answers
}

/** https://url.spec.whatwg.org/#urlencoded-parsing */
function toPair(text: string): Pair {
  const at = text.indexOf('=')
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return [bytesOf(name), bytesOf(value)]
}

const bytesOf = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Refuses bytes that are no text in this encoding: a replacement character would be stored in their place. */
function decoderOf(charset: string): (bytes: string) => string {
  const decoder = textDecoder(charset)
  return (bytes) => {
    try {
      return decoder.decode(Buffer.from(bytes, 'latin1'))
    } catch {
      throw malformed(`Expected the body as ${decoder.encoding}, found other bytes`)
    }
  }
}

function textDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  } catch {
    throw unsupported('Expected a charset that browsers know, such as utf-8')
  }
}
