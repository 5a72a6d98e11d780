// Control API for topics: watch one as events come, or read all that it holds.
import type { FastifyInstance } from 'fastify'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { openReading } from '../read-topic.ts'
import { type TopicRecord, totalHeader, type WatchQuery } from './api.ts'
import { type LineWriter, writeLines } from './json-lines.ts'

interface Topic {
  topic: string
}

export function addTopicRoutes(sink: FastifyInstance, log: Log): void {
  sink.get<{ Params: Topic; Querystring: WatchQuery }>('/topics/:topic', async (request, reply) => {
    const lines = Promise.withResolvers<LineWriter>()
    // Before the response begins: if the topic cannot be read, the answer is an error.
    const consumer = await log.consume({
      topic: request.params.topic,
      from: request.query.from === 'earliest' ? 'earliest' : 'latest',
      inFlight: 1,
      handle: async (record) => (await lines.promise).write(toLine(record)),
    })
    const writer = writeLines(reply)
    lines.resolve(writer)
    await writer.closed
    await consumer.close()
  })

  sink.get<{ Params: Topic }>('/topics/:topic/records', async (request, reply) => {
    const { total, read, close } = await openReading(log, request.params.topic)
    const { write, closed, end } = writeLines(reply, { [totalHeader]: total })
    const finished = read(({ headers, body }) => {
      const record: TopicRecord = { headers, body }
      return write(JSON.stringify(record))
    })
    await Promise.race([finished, closed])
    await close()
    end()
  })
}

/** The event in CloudEvents' JSON format, with its position. */
function toLine({ partition, offset, headers, body }: LogRecord): string {
  const event: Record<string, unknown> = { partition, offset }
  for (const name in headers) if (name.startsWith('ce-')) event[name.slice(3)] = headers[name]
  return `${JSON.stringify(event).slice(0, -1)},"data":${toJsonLine(body)}}`
}

/** JSON keeps its text, in which long numbers are exact. Line breaks in it are between values, never in a string. */
function toJsonLine(body: string): string {
  try {
    JSON.parse(body)
    return body.replace(/[\r\n]/g, ' ')
  } catch {
    return body === '' ? 'null' : JSON.stringify(body)
  }
}
