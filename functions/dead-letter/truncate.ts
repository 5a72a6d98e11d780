// Cuts texts, bytes and headers so that they fit into a JSON document of a given size.
import type { Message } from '#kafka/binary-mode.ts'

/** Bytes as a JSON string, with quotes and escapes. */
const jsonSize = (text: string): number => Buffer.byteLength(JSON.stringify(text))

/** The beginning of `text`, at most `maxBytes` long as JSON. Escapes can make a text six times as long. */
export function truncateText(text: string, maxBytes: number): string {
  let kept = text
  for (let size = jsonSize(kept); size > maxBytes; size = jsonSize(kept)) {
    kept = kept.slice(0, Math.floor((kept.length * maxBytes) / size))
  }
  return kept
}

/** The beginning of `bytes` in base64, at most `maxBytes` long. */
export const truncateBytes = (bytes: Buffer, maxBytes: number): string =>
  bytes.subarray(0, Math.floor(maxBytes / 4) * 3).toString('base64')

/** The first headers that fit into `maxBytes`; the value of the last one may be cut. */
export function truncateHeaders(headers: Message['headers'], maxBytes: number): Message['headers'] {
  const kept: Message['headers'] = {}
  let left = maxBytes
  for (const [name, value] of Object.entries(headers)) {
    left -= jsonSize(name) + 2
    if (left < 2) break
    kept[name] = truncateText(value, left)
    left -= jsonSize(kept[name])
  }
  return kept
}
