import { createRequire } from 'node:module'
import { expect, jest, test } from '@jest/globals'
import type { OutgoingRecord } from './partition-producer.ts'
import { encodeBatch } from './record-batch.ts'

const require = createRequire(import.meta.url)
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0')
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')

const now = Date.parse('2026-11-27T12:00:00.000Z')
const origin = { producerId: 2n ** 40n, producerEpoch: 3, firstSequence: 70_000 }

/** The batch as kafkajs encodes it. */
async function encodedByKafkajs(records: OutgoingRecord[]): Promise<Buffer> {
  const encoder = await RecordBatch({
    ...origin,
    firstTimestamp: now,
    maxTimestamp: now,
    partitionLeaderEpoch: -1,
    lastOffsetDelta: records.length - 1,
    records: records.map((record, offsetDelta) =>
      encodeRecord({ ...record, offsetDelta, timestampDelta: 0 }),
    ),
  })
  return encoder.buffer
}

const record = (key: string, value: string, headers = {}): OutgoingRecord => ({
  key,
  value,
  headers,
})

test.each<[string, OutgoingRecord[]]>([
  ['a record', [record('a', '{}', { ce_id: 'a', 'content-type': 'application/json' })]],
  ['empty texts and no headers', [record('', '')]],
  ['text outside ASCII', [record('ü', '{"name":"नमस्ते 👋"}', { ce_ü: '→' })]],
  [
    'texts around the lengths at which a size takes another byte',
    [0, 62, 63, 64, 65, 127, 128, 8190, 8191, 8192, 1_100_000].map((length) =>
      record('k', 'x'.repeat(length), { ce_a: 'y'.repeat(length) }),
    ),
  ],
  ['many records', Array.from({ length: 1000 }, (_, n) => record(`${n}`, 'v', { ce_n: `${n}` }))],
  [
    'many headers',
    [record('a', 'b', Object.fromEntries(Array.from({ length: 200 }, (_, n) => [n, `${n}`])))],
  ],
])('%s: encoded as kafkajs encodes them', async (_title, records) => {
  jest.spyOn(Date, 'now').mockReturnValue(now)
  expect(encodeBatch(records, origin).equals(await encodedByKafkajs(records))).toBe(true)
})
