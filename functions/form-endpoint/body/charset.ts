// Decodes text by the charset that a client declares. What is no text in it is refused: with a replacement character in its place,
// other text would be stored than was sent.
import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { malformed, unsupported } from '../problem.ts'

/** `bytes`: one character for each, as Buffer's encoding latin1 has it. */
type Decode = (bytes: string, charset: string) => string

// The same text in every charset that is taken here.
const printableAscii = /^[\x20-\x7e\t\r\n]*$/
const utf8 = /^utf-?8$/i

/** For one request: keeps the decoder of each charset. */
export function textDecoders(): Decode {
  const known = new Map<string, TextDecoder>()
  return (bytes, charset) => {
    const isUnicode = utf8.test(charset)
    const decoder = isUnicode ? undefined : (known.get(charset) ?? decoderOf(charset))
    if (decoder) known.set(charset, decoder)
    if (printableAscii.test(bytes)) return bytes
    const buffer = Buffer.from(bytes, 'latin1')
    return decoder ? decodeAs(decoder, buffer) : decodeUtf8(buffer)
  }
}

function decodeUtf8(buffer: Buffer): string {
  if (!isUtf8(buffer)) throw otherBytes('utf-8')
  return buffer.toString()
}

function decodeAs(decoder: TextDecoder, buffer: Buffer): string {
  try {
    return decoder.decode(buffer)
  } catch {
    throw otherBytes(decoder.encoding)
  }
}

const otherBytes = (encoding: string) =>
  malformed(
    `Expected text in ${encoding}, found other bytes: a field named _charset_ tells the encoding`,
  )

// Browsers send no form in UTF-16, in which & and = are no single bytes, and none in x-user-defined, which names no characters.
const noFormCharset = /^(utf-16|x-user-defined)/

/** By the labels of https://encoding.spec.whatwg.org/#names-and-labels, in which ISO-8859-1 is windows-1252. */
function decoderOf(charset: string): TextDecoder {
  try {
    const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
    if (!noFormCharset.test(decoder.encoding)) return decoder
  } catch {
    // Not a charset that browsers know.
  }
  throw unsupported('Expected a charset in which browsers send forms, such as utf-8')
}
