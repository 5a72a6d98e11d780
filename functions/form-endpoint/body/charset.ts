// Decodes text by the charset that a client declares. What is no text in it is refused: with a replacement character in its place,
// other text would be stored than was sent.
import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { malformed, unsupported } from '../problem.ts'

/** `bytes`: one character for each, as Buffer's encoding latin1 has it. */
export type Decode = (bytes: string) => string

/** By the labels of https://encoding.spec.whatwg.org/#names-and-labels, in which ISO-8859-1 is windows-1252. */
export function decoderOf(charset: string): Decode {
  const decode = /^utf-?8$/i.test(charset) ? decodeUtf8 : decodeAs(textDecoder(charset))
  return (bytes) => (printableAscii.test(bytes) ? bytes : decode(Buffer.from(bytes, 'latin1')))
}

// The same text in every charset that is taken here.
const printableAscii = /^[\x20-\x7e\t\r\n]*$/

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw otherBytes('utf-8')
  return bytes.toString()
}

const decodeAs = (decoder: TextDecoder) => (bytes: Buffer) => {
  try {
    return decoder.decode(bytes)
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

function textDecoder(charset: string): TextDecoder {
  try {
    const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
    if (!noFormCharset.test(decoder.encoding)) return decoder
  } catch {
    // Not a charset that browsers know.
  }
  throw unsupported('Expected a charset in which browsers send forms, such as utf-8')
}
