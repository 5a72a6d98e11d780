// What the commands ask about the consumers of a running `npm start`: why nothing comes, and to go on behind a record.
import type { Platform } from '../platform.ts'

export function addConsumers({ sink, sources, problems }: Platform): void {
  sink.get('/problems', async () => problems())

  /** For each task that reads the topic: undefined where the record is a dead letter now, or why it is not. */
  sink.post<{ Params: { topic: string; partition: string; offset: string } }>(
    '/skip/:topic/:partition/:offset',
    async (request, reply) => {
      const { topic, partition, offset } = request.params
      const reading = [...sources].filter(([, source]) => source.topic === topic)
      const outcomes = reading.map(async ([task, source]) => {
        const parked = source.skip(Number(partition), Number(offset))
        return { task, problem: await parked.then(() => undefined, messageOf) }
      })
      return reply.send(await Promise.all(outcomes))
    },
  )
}

const messageOf = ({ message }: Error): string => message
