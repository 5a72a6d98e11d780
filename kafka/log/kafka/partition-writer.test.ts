import { expect, test } from '@jest/globals'
import { BatchRefusal } from './partition-producer.ts'
import { PartitionWriter } from './partition-writer.ts'
import { fakeProducers, forbidden, never, record, type Send, tooLarge } from './producer.fixture.ts'

function startWriter(send: Send) {
  const { open, sent, closed } = fakeProducers(send)
  const writer = new PartitionWriter(() => open(0))
  const write = (...values: string[]) => writer.write(values.map(record))
  return { writer, sent, closed, write }
}

test('a batch that fails is sent unchanged by a new producer until it is written', async () => {
  const { sent, closed, write } = startWriter(async (_values, { producer }) => {
    if (producer < 3) throw new Error('gave up')
  })
  expect(await write('a', 'b')).toBeUndefined()
  expect(await write('c')).toBeUndefined()
  expect(sent).toEqual([
    [0, 'a,b', 1],
    [0, 'a,b', 2],
    [0, 'a,b', 3],
    [0, 'c', 3],
  ])
  expect(closed).toEqual([
    [0, 1],
    [0, 2],
  ])
})

test('a refused batch is not repeated, and begun is false; a new producer sends the next one', async () => {
  const { writer, sent, write } = startWriter(async (_values, { producer }) => {
    if (producer === 1) throw forbidden()
  })
  const error = await write('a')
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: false, message: 'no permission' })
  expect(error?.cause).toBeInstanceOf(BatchRefusal)
  expect(await write('b')).toBeUndefined()
  expect(sent).toEqual([
    [0, 'a', 1],
    [0, 'b', 2],
  ])
  expect(writer.batchAge).toBeUndefined()
})

test.each<[string, Send]>([
  ['its producer made an earlier attempt', async () => Promise.reject(forbidden(true))],
  [
    'an earlier producer failed',
    async (_values, { producer }) =>
      Promise.reject(producer === 1 ? new Error('gave up') : forbidden()),
  ],
])('a refused batch may have been written if %s', async (_why, send) => {
  expect(await startWriter(send).write('a')).toMatchObject({ name: 'LogUnavailable', begun: true })
})

test('a producer that is refused while opening fails its batch; the next batch opens another', async () => {
  let opened = 0
  const writer = new PartitionWriter(async () => {
    opened += 1
    if (opened === 1) throw forbidden()
    return { send: async () => {}, close: async () => {} }
  })
  const error = await writer.write([record('a')])
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: false })
  expect(await writer.write([record('b')])).toBeUndefined()
  expect(opened).toBe(2)
})

test('a batch that is too large is a TooLarge', async () => {
  const error = await startWriter(async () => Promise.reject(tooLarge())).write('a')
  expect(error).toMatchObject({ name: 'TooLarge', message: 'too large' })
})

test('after close a batch is not repeated, and may have been written', async () => {
  const { writer, sent, write } = startWriter(async () => Promise.reject(new Error('away')))
  const error = write('a')
  await writer.close()
  expect(await error).toMatchObject({ name: 'LogUnavailable', begun: true })
  expect(sent).toHaveLength(1)
})

test('close does not wait for a producer whose broker does not answer', async () => {
  const writer = new PartitionWriter(async () => ({ send: never, close: never }))
  void writer.write([record('a')])
  expect(writer.batchAge).toBeGreaterThanOrEqual(0)
  await writer.close()
})
