// The uncompressed size of a compressed batch, computed before unpacking: the decoders have no size limit.

/** In bytes, from the start of a snappy block. The decoder refuses a block whose content has another size. */
export function snappySize(block: Buffer): number {
  let size = 0
  for (let at = 0; at < 5; at++) {
    const byte = block.readUInt8(at)
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return size
  }
  throw new Error('Expected a snappy block with its length, found a length of more than 5 bytes')
}

const lz4Magic = 0x184d2204
/** Maximum number of bytes that one compressed byte can expand to. */
const maxRatio = 255

/**
 * An upper limit, in bytes. A frame may state its size, but wrongly; a block cannot exceed the frame's block size, nor `maxRatio`
 * times its compressed size.
 */
export function lz4Size(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== lz4Magic) {
    throw new Error('Expected an lz4 frame, found other bytes')
  }
  const flags = frame.readUInt8(4)
  const has = (bit: number) => ((flags >> bit) & 1) === 1
  const checksum = has(4) ? 4 : 0
  const maxBlockSize = 2 ** (8 + 2 * ((frame.readUInt8(5) >> 4) & 7))
  let size = 0
  for (let at = 7 + (has(3) ? 8 : 0) + (has(0) ? 4 : 0); at + 4 <= frame.length; ) {
    const length = frame.readUInt32LE(at)
    if (length === 0) break
    const bytes = length % 2 ** 31
    size += Math.min(maxBlockSize, length === bytes ? bytes * maxRatio : bytes)
    at += 4 + bytes + checksum
  }
  return size
}
