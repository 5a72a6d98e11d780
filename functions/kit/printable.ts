// Text of others, as it may stand in a log line, in a message or on a terminal.

const most = 200

// Controls, marks of direction and what has no look of its own could make a line say something else; half a surrogate pair is no
// text, and logs and answers that are not well-formed are refused by who reads them.
const odd = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Its beginning, where it is longer; what cannot be seen as it is written as `\u{202e}`. */
export function shown(text: string, length = most): string {
  const cut = text.length > length ? firstOf(text, length) : text
  return cut.replace(odd, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)
}

/** Characters, not halves of them. */
function firstOf(text: string, length: number): string {
  const begin = [...text.slice(0, 2 * length)].slice(0, length).join('')
  return begin.length < text.length ? `${begin}…` : text
}
