// Compression codecs for batches of other producers, and of topics with `compression.type`: kafkajs itself reads gzip only.
import { promisify } from 'node:util'
import { unzip, zstdCompress, zstdDecompress } from 'node:zlib'
// This entry contains the WebAssembly as text, so that esbuild can bundle it.
import {
  lz4Compress,
  lz4Decompress,
  snappyCompress,
  snappyDecompress,
} from '@platformatic/wasm-utils/bundled'
import kafkajs from 'kafkajs'
import { lz4Size, snappySize } from './unpacked-size.ts'
import { unreadableBatch } from './unreadable-batch.ts'

interface Codec {
  compress: (encoder: { buffer: Buffer }) => Promise<Buffer>
  decompress: (buffer: Buffer) => Promise<Buffer>
}

/** Bytes of an unpacked batch. A small batch can be crafted to fill all memory. */
const maxOutputLength = 256 * 2 ** 20

const gunzip = promisify(unzip)
const unzstd = promisify(zstdDecompress)
const toZstd = promisify(zstdCompress)
const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes

const gzip: Codec = {
  ...kafkajs.CompressionCodecs[GZIP](),
  decompress: (buffer) => gunzip(buffer, { maxOutputLength }),
}

const snappy: Codec = {
  compress: async ({ buffer }) => snappyCompress(buffer),
  async decompress(buffer) {
    const blocks = [...blocksOf(buffer)]
    expectToFit(blocks.reduce((sum, block) => sum + snappySize(block), 0))
    return Buffer.concat(blocks.map((block) => snappyDecompress(block)))
  },
}

const lz4: Codec = {
  compress: async ({ buffer }) => lz4Compress(buffer),
  async decompress(buffer) {
    expectToFit(lz4Size(buffer))
    return lz4Decompress(buffer)
  },
}

function expectToFit(size: number): void {
  if (size > maxOutputLength) {
    throw new Error(`Expected at most ${maxOutputLength} bytes, found ${size}`)
  }
}

const zstd: Codec = {
  compress: ({ buffer }) => toZstd(buffer),
  decompress: (buffer) => unzstd(buffer, { maxOutputLength }),
}

/** For all kafkajs clients of this process. A batch that cannot be unpacked reads as `unreadableBatch`. */
export function registerCodecs(): void {
  const codecs = kafkajs.CompressionCodecs
  const [readsGzip, readsSnappy, readsLz4, readsZstd] = [gzip, snappy, lz4, zstd].map(tolerant)
  codecs[GZIP] = () => readsGzip
  codecs[Snappy] = () => readsSnappy
  codecs[LZ4] = () => readsLz4
  codecs[ZSTD] = () => readsZstd
}

const tolerant = ({ compress, decompress }: Codec): Codec => ({
  compress,
  decompress: (buffer) =>
    decompress(buffer).catch(({ message }) =>
      unreadableBatch(`The batch could not be unpacked: ${message}`),
    ),
})

const xerial = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0])
/** Magic bytes, version, and oldest compatible version. */
const xerialHeader = xerial.length + 8

/** Java clients write the framing of snappy-java: blocks with their lengths. librdkafka writes one block without framing. */
function* blocksOf(buffer: Buffer): Generator<Buffer> {
  if (!buffer.subarray(0, xerial.length).equals(xerial)) {
    yield buffer
    return
  }
  for (let at = xerialHeader; at < buffer.length; ) {
    const end = at + 4 + buffer.readUInt32BE(at)
    yield buffer.subarray(at + 4, end)
    at = end
  }
}
