// What the commands ask a running `npm start` for: watch or read a topic, replay dead letters, deliver once more, show lag
// and processes, tick.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { eventHeaders } from '#kit/http/read-event.ts'
import type { Platform } from '../platform.ts'
import { openReading } from '../read-topic.ts'
import { type ReplayOptions, replay, retries } from '../replay/replay.ts'
import type { Source } from '../source/source.ts'

export function addControl({ sink, sources, schedules, functions }: Platform, log: Log): void {
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

  /** All that the topic holds when this is asked, as it lies there; a header says how many. */
  sink.get<{ Params: { topic: string } }>('/topics/:topic/records', async (request, reply) => {
    const { total, read, close } = await openReading(log, request.params.topic)
    const { write, closed, end } = lines(reply, { 'formstream-total': total })
    const finished = read(({ headers, body }) => write(JSON.stringify({ headers, body })))
    await Promise.race([finished, closed])
    await close()
    end()
  })

  interface Asked {
    task?: string
    dryRun?: string
    discard?: string
  }
  sink.post<{ Querystring: Asked }>('/replay', async (request, reply) => {
    const { task, dryRun, discard } = request.query
    const { write, closed, end } = lines(reply)
    const left = new AbortController()
    closed.then(() => left.abort())
    const tasks = [...sources.keys()]
    const deliver: ReplayOptions['deliver'] = (name, { came }) =>
      (sources.get(name) as Source).deliver(came, retries)
    const asked = { task, dryRun: dryRun === 'true', discard, signal: left.signal }
    try {
      await replay({ log, tasks, deliver, ...asked }, (line) => void write(JSON.stringify(line)))
    } catch (error) {
      await write(JSON.stringify({ error: (error as Error).message }))
    }
    end()
  })

  /** Delivers an event to the task, whatever it has settled. 502: it is a dead letter. */
  sink.post<{ Params: { task: string } }>('/deliveries/:task', async (request, reply) => {
    const source = sources.get(request.params.task)
    if (!source) return reply.code(404).send()
    const record = { headers: eventHeaders(request.headers), body: String(request.body ?? '') }
    return reply.code((await source.deliver(record, retries)) ? 204 : 502).send()
  })

  /** The process id of each function that runs. */
  sink.get('/functions', async () => {
    const pids = [...functions].map(async ([name, running]) => [name, await running.pid] as const)
    return Object.fromEntries(await Promise.all(pids))
  })

  /** What a function that runs says of itself: /health/readiness, /metrics. */
  sink.get<{ Params: { task: string; '*': string } }>(
    '/functions/:task/*',
    async (request, reply) => {
      const { task, '*': path } = request.params
      const answer = await functions.get(task)?.get(`/${path}`)
      return answer ? reply.code(answer.status).send(answer.body) : reply.code(404).send()
    },
  )

  /** The task does now what it does by the clock. */
  sink.post<{ Params: { task: string } }>('/ticks/:task', async (request, reply) => {
    const schedule = schedules.get(request.params.task)
    await schedule?.tick()
    return reply.code(schedule ? 204 : 404).send()
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
function lines(reply: FastifyReply, headers: Record<string, number> = {}): Lines {
  reply.hijack()
  const raw: ServerResponse = reply.raw
  const closed = once(raw, 'close')
  raw.writeHead(200, { 'content-type': 'application/x-ndjson', ...headers })
  raw.flushHeaders()
  let drained: Promise<unknown> | undefined
  return {
    async write(line) {
      if (raw.write(`${line}\n`)) return
      drained ??= Promise.race([once(raw, 'drain'), closed]).finally(() => {
        drained = undefined
      })
      await drained
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
