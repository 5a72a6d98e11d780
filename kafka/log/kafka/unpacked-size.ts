// How much a packed batch would take, told by what is packed: the decoders themselves know no bound.

/** What snappy claims at the beginning of a block; its decoder refuses a block that holds another number of bytes. */
export function snappySize(block: Buffer): number {
  let size = 0
  for (let at = 0; at < 5; at++) {
    const byte = block.readUInt8(at)
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return size
  }
  throw new Error('Expected a block of snappy with its length, found a length without end')
}

const lz4Magic = 0x184d2204
/** A byte of a sequence stands for so many at most. */
const lz4Ratio = 255

/** At most. A frame may say how long it is, but it may lie; no block holds more than the frame's bound or its own bytes allow. */
export function lz4Size(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== lz4Magic) {
    throw new Error('Expected a frame of lz4, found other bytes')
  }
  const flags = frame.readUInt8(4)
  const has = (bit: number) => ((flags >> bit) & 1) === 1
  const checksum = has(4) ? 4 : 0
  const mostOfBlock = 2 ** (8 + 2 * ((frame.readUInt8(5) >> 4) & 7))
  let size = 0
  for (let at = 7 + (has(3) ? 8 : 0) + (has(0) ? 4 : 0); at + 4 <= frame.length; ) {
    const length = frame.readUInt32LE(at)
    if (length === 0) break
    const bytes = length % 2 ** 31
    size += Math.min(mostOfBlock, length === bytes ? bytes * lz4Ratio : bytes)
    at += 4 + bytes + checksum
  }
  return size
}
