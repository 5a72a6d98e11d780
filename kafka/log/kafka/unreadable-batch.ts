// Replaces a batch that cannot be unpacked by records without a value, whose header `unreadable` has the reason. Each becomes a
// dead letter and reading continues. An error instead would fail the whole fetch, including other partitions.

/** More than a batch holds. The reader takes as many as the batch states. */
const maxRecords = 200_000

/** Encoded as in Kafka's record batch version 2, with offsets without gaps. */
export function unreadableBatch(reason: string): Buffer {
  const none = varint(-1)
  const [beforeOffset, afterOffset] = [
    [0, ...varint(0)], // attributes, timestamp
    [...none, ...none, ...varint(1), ...text('unreadable'), ...text(reason)], // key, value, headers
  ].map((numbers) => Buffer.from(numbers)) as [Buffer, Buffer]
  const fixed = beforeOffset.length + afterOffset.length
  const bytes = Buffer.alloc(maxRecords * (fixed + 2 * varint(maxRecords).length))
  let end = 0
  for (let offset = 0; offset < maxRecords; offset++) {
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

/** Zigzag encoding, seven bits in each byte, lowest first. */
function varint(value: number): number[] {
  const bytes = []
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  return [...bytes, rest]
}
