// What the commands ask a running `npm start` for: watch a topic, replay dead letters, show lag and processes.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Log, LogRecord } from '#kafka/log.ts'
import type { Platform } from './platform.ts'
import { replay } from './replay.ts'

export function addControl({ sink, sources, functions }: Platform, log: Log): void {
  sink.get<{ Params: { topic: string }; Querystring: { from?: string } }>(
    '/topics/:topic',
    async (request, reply) => {
      const { write, closed } = lines(reply)
      const consumer = await log.consume({
        topic: request.params.topic,
        from: request.query.from === 'earliest' ? 'earliest' : 'latest',
        inFlight: 1,
        handle: (record) => write(toJson(record)),
      })
      await closed
      await consumer.close()
    },
  )

  sink.post<{ Querystring: { task?: string; dryRun?: string } }>(
    '/replay',
    async (request, reply) => {
      const { task, dryRun } = request.query
      const { write, end } = lines(reply)
      try {
        await replay({ log, sources, task, dryRun: dryRun === 'true' }, (line) => void write(line))
      } catch (error) {
        await write({ error: (error as Error).message })
      }
      end()
    },
  )

  /** The process id of each function that runs. */
  sink.get('/functions', async () => {
    const pids = [...functions].map(async ([name, running]) => [name, await running.pid] as const)
    return Object.fromEntries(await Promise.all(pids))
  })

  sink.get('/lag', async () => {
    const lags = [...sources].map(async ([task, source]) => [task, await source.lag()] as const)
    return Object.fromEntries(await Promise.all(lags))
  })
}

interface Lines {
  /** Waits while the reader is slower. */
  write: (line: object) => Promise<void>
  closed: Promise<unknown>
  end: () => void
}

/** The answer as JSON lines, as they come. */
function lines(reply: FastifyReply): Lines {
  reply.hijack()
  const raw: ServerResponse = reply.raw
  const closed = once(raw, 'close')
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' })
  raw.flushHeaders()
  return {
    async write(line) {
      if (!raw.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(raw, 'drain'), closed])
    },
    closed,
    end: () => raw.end(),
  }
}

/** The event as one JSON object, as CloudEvents' JSON format has it, and where it lies. */
const toJson = ({ partition, offset, headers, body }: LogRecord): object => {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'))
  const event = Object.fromEntries(
    attributes.map(([name, value]) => [name.slice('ce-'.length), value]),
  )
  return { partition, offset, ...event, data: JSON.parse(body || 'null') }
}
