// In place of a batch that cannot be unpacked: records without a value that say so. Each becomes a dead letter, and reading
// goes on; an error would end the fetch with all that came in it, of other partitions too.

/** More than batches hold; a reader takes as many as the batch says. */
const most = 200_000

/** As records lie in a batch of Kafka's version 2, their offsets without gaps, with one header: `unreadable`. */
export function unreadableBatch(reason: string): Buffer {
  const none = varint(-1)
  const [beforeOffset, afterOffset] = [
    [0, ...varint(0)], // attributes, time
    [...none, ...none, ...varint(1), ...text('unreadable'), ...text(reason)], // key, value, headers
  ].map((numbers) => Buffer.from(numbers)) as [Buffer, Buffer]
  const fixed = beforeOffset.length + afterOffset.length
  const bytes = Buffer.alloc(most * (fixed + 2 * varint(most).length))
  let end = 0
  for (let offset = 0; offset < most; offset++) {
    const own = varint(offset)
    for (const part of [varint(fixed + own.length), beforeOffset, own, afterOffset]) {
      bytes.set(part, end)
      end += part.length
    }
  }
  return bytes.subarray(0, end)
}

function text(value: string): number[] {
  const bytes = [...Buffer.from(value)]
  return [...varint(bytes.length), ...bytes]
}

/** Zigzag, seven bits in each byte, the lowest first. */
function varint(value: number): number[] {
  const bytes = []
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  return [...bytes, rest]
}
