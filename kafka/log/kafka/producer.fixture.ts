import { BatchRefusal, type OutgoingRecord, type PartitionProducer } from './partition-producer.ts'

export const record = (value: string): OutgoingRecord => ({ key: value, value, headers: {} })

/** `partition` and `producer` say who sends: each partition numbers its producers from 1. */
export type Send = (
  values: string[],
  from: { partition: number; producer: number },
) => Promise<void>

/** Opens producers that send by calling `send`. `sent`: the batches in the order of their sending. */
export function fakeProducers(send: Send) {
  const sent: [partition: number, values: string, producer: number][] = []
  const closed: [partition: number, producer: number][] = []
  const opened = new Map<number, number>()
  const open = async (partition: number): Promise<PartitionProducer> => {
    const producer = (opened.get(partition) ?? 0) + 1
    opened.set(partition, producer)
    return {
      async send(records) {
        const values = records.map(({ value }) => value)
        sent.push([partition, values.join(), producer])
        await send(values, { partition, producer })
      },
      async close() {
        closed.push([partition, producer])
      },
    }
  }
  return { open, sent, closed }
}

/** The error of each append, or undefined. */
export const outcomes = async (appends: Promise<void>[]): Promise<(Error | undefined)[]> =>
  (await Promise.allSettled(appends)).map((one) =>
    one.status === 'fulfilled' ? undefined : (one.reason as Error),
  )

export const forbidden = (begun = false): BatchRefusal =>
  new BatchRefusal('no permission', { tooLarge: false, begun })
export const tooLarge = (): BatchRefusal =>
  new BatchRefusal('too large', { tooLarge: true, begun: false })
export const never = (): Promise<void> => new Promise(() => {})
