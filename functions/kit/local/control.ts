// What the commands ask a running `npm start` for: watch a topic, replay dead letters, show lag.
import { Readable } from 'node:stream'
import { type CloudEvent, HTTP } from 'cloudevents'
import type { Log, LogRecord } from '#kafka/log.ts'
import type { Platform } from './platform.ts'
import { replay } from './replay.ts'

export function addControl({ sink, sources }: Platform, log: Log): void {
  sink.get<{ Params: { topic: string }; Querystring: { from?: string } }>(
    '/topics/:topic',
    async (request, reply) => {
      const events = new Readable({ read() {} })
      const consumer = await log.consume({
        topic: request.params.topic,
        from: request.query.from === 'earliest' ? 'earliest' : 'latest',
        inFlight: 100,
        handle: async (record) => {
          events.push(`${JSON.stringify(toJson(record))}\n`)
        },
      })
      reply.raw.on('close', () => void consumer.close())
      return reply.type('application/x-ndjson').send(events)
    },
  )

  sink.post<{ Querystring: { task?: string; dryRun?: string } }>(
    '/replay',
    async (request, reply) => {
      const { task, dryRun } = request.query
      const lines = new Readable({ read() {} })
      const report = (line: object) => lines.push(`${JSON.stringify(line)}\n`)
      replay({ log, sources, task, dryRun: dryRun === 'true' }, report)
        .catch((error: Error) => report({ error: error.message }))
        .finally(() => lines.push(null))
      return reply.type('application/x-ndjson').send(lines)
    },
  )

  sink.get('/lag', async () => {
    const lags = [...sources].map(async ([task, source]) => [task, await source.lag()] as const)
    return Object.fromEntries(await Promise.all(lags))
  })
}

const toJson = (record: LogRecord): object => {
  const { partition, offset } = record
  return { partition, offset, ...(HTTP.toEvent(record) as CloudEvent).toJSON() }
}
