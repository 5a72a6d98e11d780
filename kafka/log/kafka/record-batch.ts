// Encodes records as Kafka stores them (https://kafka.apache.org/documentation/#recordbatch), in one buffer for the batch. kafkajs
// allocates one for each header of each record, which took half of the form endpoint's time.
import crc32c from 'kafkajs/src/protocol/recordBatch/crc32C/crc32C.js'
import type { OutgoingRecord } from './partition-producer.ts'

/** What tells the broker a repeated batch from a new one. */
export interface BatchOrigin {
  producerId: bigint
  producerEpoch: number
  /** Number of records that the producer has written to the partition before. */
  firstSequence: number
}

/** Bytes before the first record, up to the length, and up to what the checksum covers. */
const head = { size: 61, lengthEnd: 12, checked: 21 }

export function encodeBatch(records: OutgoingRecord[], origin: BatchOrigin): Buffer {
  const sizes = records.map(sizeOf)
  const size = sizes.reduce((sum, one) => sum + sizeOfVarInt(one) + one, head.size)
  const batch = Buffer.allocUnsafe(size)
  let end = head.size
  for (const [delta, record] of records.entries()) {
    end = writeVarInt(batch, sizes[delta] as number, end)
    end = writeRecord(batch, record, { delta, at: end })
  }
  writeHead(batch, records.length, origin)
  return batch
}

function writeHead(batch: Buffer, count: number, origin: BatchOrigin): void {
  const now = BigInt(Date.now())
  batch.writeBigInt64BE(0n, 0) // base offset, which the broker sets
  batch.writeInt32BE(batch.length - head.lengthEnd, 8)
  batch.writeInt32BE(-1, 12) // leader epoch, which the broker sets
  batch.writeInt8(2, 16) // version of the format
  batch.writeInt16BE(0, head.checked) // attributes: not compressed, not transactional
  batch.writeInt32BE(count - 1, 23)
  batch.writeBigInt64BE(now, 27) // time of the first record
  batch.writeBigInt64BE(now, 35) // latest time
  batch.writeBigInt64BE(origin.producerId, 43)
  batch.writeInt16BE(origin.producerEpoch, 51)
  batch.writeInt32BE(origin.firstSequence, 53)
  batch.writeInt32BE(count, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(head.checked)), 17)
}

function sizeOf({ key, value, headers }: OutgoingRecord, delta: number): number {
  let count = 0
  // Attributes and the time after the first record take a byte each.
  let size = 2 + sizeOfVarInt(delta) + sizeOfText(key) + sizeOfText(value)
  for (const name in headers) {
    size += sizeOfText(name) + sizeOfText(headers[name] as string)
    count += 1
  }
  return size + sizeOfVarInt(count)
}

/** Returns the offset after the record. */
function writeRecord(
  batch: Buffer,
  { key, value, headers }: OutgoingRecord,
  { delta, at }: { delta: number; at: number },
): number {
  let end = at
  batch[end++] = 0 // attributes
  batch[end++] = 0 // time after that of the first record
  end = writeVarInt(batch, delta, end)
  end = writeText(batch, key, end)
  end = writeText(batch, value, end)
  end = writeVarInt(batch, Object.keys(headers).length, end)
  for (const name in headers) {
    end = writeText(batch, name, end)
    end = writeText(batch, headers[name] as string, end)
  }
  return end
}

function sizeOfText(text: string): number {
  const bytes = Buffer.byteLength(text)
  return sizeOfVarInt(bytes) + bytes
}

function writeText(batch: Buffer, text: string, at: number): number {
  const start = writeVarInt(batch, Buffer.byteLength(text), at)
  return start + batch.write(text, start)
}

/** Zigzag encoding doubles a number that is not negative. Seven bits a byte, the lowest ones first. */
function sizeOfVarInt(value: number): number {
  let bytes = 1
  for (let rest = value * 2; rest > 127; rest >>>= 7) bytes += 1
  return bytes
}

function writeVarInt(batch: Buffer, value: number, at: number): number {
  let end = at
  let rest = value * 2
  for (; rest > 127; rest >>>= 7) batch[end++] = (rest & 127) | 128
  batch[end++] = rest
  return end
}
