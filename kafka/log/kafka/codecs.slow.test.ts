// Batches as other clients compress them, partly as fixed bytes that do not depend on the libraries under test.
import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { lz4Compress } from '@platformatic/wasm-utils/bundled'
import kafkajs from 'kafkajs'
import { registerCodecs } from './codecs.ts'

registerCodecs()
const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes
const unpack = (type: kafkajs.CompressionTypes, packed: Buffer): Promise<Buffer> =>
  kafkajs.CompressionCodecs[type as typeof GZIP]().decompress(packed)

const unpacked = 'The batch could not be unpacked'
const text = 'a form, a form, a form, a form'
/** In snappy: a literal of 8 bytes, then a copy of 22 bytes from 8 bytes back. */
const block = Buffer.concat([
  Buffer.from([30, (8 - 1) << 2]),
  Buffer.from('a form, '),
  Buffer.from([((22 - 1) << 2) | 2, 8, 0]),
])
const int = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const xerial = (...blocks: Buffer[]) =>
  Buffer.concat([
    Buffer.from([0x82]),
    Buffer.from('SNAPPY\0'),
    int(1),
    int(1),
    ...blocks.flatMap((one) => [int(one.length), one]),
  ])

test('snappy is read as librdkafka writes it, one block', async () => {
  expect((await unpack(Snappy, block)).toString()).toBe(text)
})

test('snappy is read as Java writes it, framed blocks one after the other', async () => {
  expect((await unpack(Snappy, xerial(block, block, block))).toString()).toBe(text.repeat(3))
  expect((await unpack(Snappy, xerial())).toString()).toBe('')
})

test('lz4 is read as a frame, with an uncompressed block', async () => {
  // Version 1, independent blocks of at most 64 KiB; the last byte of the header is its checksum.
  const frame = Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
    Buffer.from([text.length, 0, 0, 0x80]),
    Buffer.from(text),
    Buffer.from([0, 0, 0, 0]),
  ])
  expect((await unpack(LZ4, frame)).toString()).toBe(text)
})

test('gzip and zstd are read', async () => {
  expect((await unpack(GZIP, gzipSync(text))).toString()).toBe(text)
  expect((await unpack(ZSTD, zstdCompressSync(text))).toString()).toBe(text)
})

test.each([
  ['snappy', Snappy],
  ['framed snappy', Snappy, xerial(Buffer.from('no block'))],
  ['lz4', LZ4],
  ['zstd', ZSTD],
  ['gzip', GZIP],
])(
  'bytes that are no %s are replaced by the reason',
  async (_, type, packed = Buffer.from('not packed at all')) => {
    expect((await unpack(type, packed)).includes(unpacked)).toBe(true)
  },
)

const maxBytes = 256 * 2 ** 20
/** A frame of the blocks of a smaller one, again and again. */
function lz4Bomb(): Buffer {
  const frame = lz4Compress(Buffer.alloc(2 ** 22))
  const [header, blocks] = [frame.subarray(0, 7), frame.subarray(7, -4)]
  return Buffer.concat([header, ...Array(maxBytes / 2 ** 22 + 1).fill(blocks), int(0)])
}
/** A block of snappy that says to be 32 MiB. */
const claim = Buffer.from([0x80, 0x80, 0x80, 0x10, 0])

test.each([
  // Members one after the other, as packing 256 MiB takes seconds.
  ['gzip', GZIP, () => Buffer.concat(Array(257).fill(gzipSync(Buffer.alloc(2 ** 20))))],
  ['zstd', ZSTD, () => zstdCompressSync(Buffer.alloc(maxBytes + 1))],
  ['lz4', LZ4, lz4Bomb],
  ['snappy', Snappy, () => Buffer.from([0x81, 0x80, 0x80, 0x80, 0x01, 0])],
  ['framed snappy', Snappy, () => xerial(...Array(9).fill(claim))],
])('%s that would exceed the limit is not unpacked', async (_, type, pack) => {
  const bomb = pack()
  expect(bomb.length).toBeLessThan(1_500_000)
  const reason = (await unpack(type, bomb)).subarray(0, 200).toString()
  expect(reason).toMatch(
    new RegExp(
      `${unpacked}: (Expected at most|Cannot create a Buffer larger than) ${maxBytes} bytes`,
    ),
  )
})

test.each([
  ['lz4', LZ4],
  ['snappy', Snappy],
])('%s with completely filled blocks is unpacked', async (_, type) => {
  const codec = kafkajs.CompressionCodecs[type as typeof GZIP]()
  const buffer = Buffer.alloc(2 ** 25)
  expect((await codec.decompress(await codec.compress({ buffer }))).length).toBe(buffer.length)
})

test.each([GZIP, Snappy, LZ4, ZSTD])('codec %d unpacks what it packs', async (type) => {
  const codec = kafkajs.CompressionCodecs[type as typeof GZIP]()
  const buffer = Buffer.from(text.repeat(10_000))
  expect((await codec.decompress(await codec.compress({ buffer }))).equals(buffer)).toBe(true)
})

test.each([
  ['one record', 1],
  ['many records', 70_000],
])('each record of a damaged batch of %s reads as a record with the reason', async (_, count) => {
  const require = createRequire(import.meta.url)
  const [{ RecordBatch: batch }, decode, record, Decoder] = [
    'recordBatch/v0/index.js',
    'recordBatch/v0/decoder.js',
    'recordBatch/record/v0/index.js',
    'decoder.js',
  ].map((file) => require(`kafkajs/src/protocol/${file}`))
  const records = Array.from({ length: count }, (_, offsetDelta) =>
    record({ offsetDelta, timestampDelta: 0, key: null, value: 'x', headers: {} }),
  )
  const compression = kafkajs.CompressionTypes.ZSTD
  const { buffer } = await batch({
    compression,
    records,
    lastOffsetDelta: count - 1,
    firstOffset: 7,
  })
  // Overwrites the compressed part.
  buffer.fill(0, buffer.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])))
  const found = await decode(new Decoder(buffer))
  expect(found.records).toHaveLength(count)
  expect(found.records[0].offset).toBe('7')
  const last = found.records.at(-1)
  expect([last.offset, last.key, last.value]).toEqual([String(count + 6), null, null])
  expect(String(last.headers.unreadable)).toContain(unpacked)
})
