// Reads multipart/form-data without files as bytes. https://www.rfc-editor.org/rfc/rfc7578
import { MIMEType } from 'node:util'
import { malformed, type ProblemError, unsupported } from '../problem.ts'
import { maxPairs, type Pair, tooManyPairs } from './form-answers.ts'

/** `contentType`: the header, which names the boundary between the parts. */
export function partsIn(body: Buffer, contentType: string): Pair[] {
  const boundary = mediaTypeOf(contentType).params.get('boundary')
  if (!boundary) throw malformed('Expected multipart/form-data with a boundary')
  // Before the first delimiter is text that nobody reads.
  const [, ...parts] = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`, maxPairs + 3)
  const end = parts.findIndex((part) => part.startsWith('--'))
  if (end < 0) throw parts.length > maxPairs ? tooManyPairs() : notWhole()
  if (end > maxPairs) throw tooManyPairs()
  return parts.slice(0, end).flatMap(toPairs)
}

/** Characters of the headers of a part. */
const maxHeaders = 8_192

const notWhole = (): ProblemError =>
  malformed('Expected whole multipart/form-data, to its last delimiter')

/** A part is headers, an empty line, and a value. Nothing for a file input that was left empty. */
function toPairs(part: string): Pair[] {
  // Spaces may follow a delimiter, before its line ends.
  const start = /^[ \t]*\r\n/.exec(part)?.[0].length
  const end = part.indexOf('\r\n\r\n')
  if (start === undefined || end < 0) throw notWhole()
  if (end > maxHeaders) throw malformed('Expected parts with short headers')
  const headers = headersIn(part.slice(start, Math.max(start, end)))
  const value = part.slice(end + 4)
  const { name, filename } = dispositionOf(headers.get('content-disposition') ?? '')
  if (filename === '' && value === '') return []
  if (filename !== undefined) throw unsupported('Expected a form without files, found a file')
  return [{ name, value, charset: charsetOfText(headers) }]
}

/** By lower-case name. */
function headersIn(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.split('\r\n').filter(Boolean)) {
    const [, name, value] = /^([\w-]+):[ \t]*([^\r\n]*)$/.exec(line) ?? []
    const key = name?.toLowerCase()
    if (key === undefined || value === undefined || headers.has(key)) {
      throw malformed('Expected parts with each header once, on one line')
    }
    headers.set(key, value)
  }
  return headers
}

function dispositionOf(header: string): { name: string; filename: string | undefined } {
  // As browsers send it: the way below takes ten times as long.
  const plain = /^form-data; name="([\w-]+)"$/.exec(header)?.[1]
  if (plain !== undefined) return { name: plain, filename: undefined }
  // `form-data; name="a"` has the syntax of a media type but for its first half.
  const { essence, params } = mediaTypeOf(`multipart/${header}`)
  const name = params.get('name')
  if (essence !== 'multipart/form-data' || name === null) {
    throw malformed('Expected parts with Content-Disposition: form-data and a name')
  }
  const filename = params.get('filename') ?? params.get('filename*') ?? undefined
  return { name: name.replace(/%(?:22|0D|0A)/gi, decodeURIComponent), filename }
}

/** The charset of a part, if it declares one. */
function charsetOfText(headers: Map<string, string>): string | undefined {
  const coding = headers.get('content-transfer-encoding') ?? 'binary'
  if (!/^(7bit|8bit|binary)$/i.test(coding)) {
    throw unsupported('Expected parts without a transfer encoding')
  }
  const type = headers.get('content-type')
  if (type === undefined) return undefined
  const { essence, params } = mediaTypeOf(type)
  if (essence !== 'text/plain') throw unsupported('Expected parts of the type text/plain')
  return params.get('charset') ?? undefined
}

function mediaTypeOf(text: string): MIMEType {
  try {
    return new MIMEType(text)
  } catch {
    throw malformed('Expected headers of parts as RFC 7578 has them')
  }
}
