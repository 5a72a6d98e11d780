// Escapes and shortens text from outside for log lines, messages and terminals.

const defaultLength = 200

// Control characters, direction marks and invisible characters can make a line look like another one. Half of a surrogate pair makes
// a log line or a response malformed.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Unsafe characters become `\u{202e}`. `maxLength`: in characters, before they are escaped. */
export function printable(text: string, maxLength = defaultLength): string {
  const cut = text.length > maxLength ? truncate(text, maxLength) : text
  return cut.replace(unsafe, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)
}

/** Never splits a surrogate pair. */
function truncate(text: string, maxLength: number): string {
  const kept = [...text.slice(0, 2 * maxLength)].slice(0, maxLength).join('')
  return kept.length < text.length ? `${kept}…` : text
}
