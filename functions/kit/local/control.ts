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
        handle: (record) => write(toLine(record)),
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
        await replay(
          { log, sources, task, dryRun: dryRun === 'true' },
          (line) => void write(JSON.stringify(line)),
        )
      } catch (error) {
        await write(JSON.stringify({ error: (error as Error).message }))
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
  write: (line: string) => Promise<void>
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
      if (!raw.write(`${line}\n`)) await Promise.race([once(raw, 'drain'), closed])
    },
    closed,
    end: () => raw.end(),
  }
}

/** The event as one line of JSON, as CloudEvents' JSON format has it, and where it lies. Its data is JSON already. */
function toLine({ partition, offset, headers, body }: LogRecord): string {
  const event: Record<string, unknown> = { partition, offset }
  for (const name in headers) if (name.startsWith('ce-')) event[name.slice(3)] = headers[name]
  return `${JSON.stringify(event).slice(0, -1)},"data":${body || 'null'}}`
}
