// Control API for deliveries: replay dead letters, deliver an event again, skip a record.
import type { Log } from '#kafka/log/port.ts'
import { eventHeaders } from '#kit/http/read-event.ts'
import type { Platform } from '../platform.ts'
import { type ReplayOptions, replay, replayRetries } from '../replay/replay.ts'
import type { Source } from '../source/source.ts'
import type { ReplayLine, ReplayRequest, SkipOutcome } from './api.ts'
import { writeLines } from './json-lines.ts'

type Query<Values> = { [Name in keyof Values]?: string }

export function addDeliveryRoutes({ sink, sources }: Platform, log: Log): void {
  const deliver: ReplayOptions['deliver'] = (task, { original }) =>
    (sources.get(task) as Source).deliver(original, replayRetries)

  sink.post<{ Querystring: Query<ReplayRequest> }>('/replay', async (request, reply) => {
    const { task, discard, dryRun } = request.query
    const { write, closed, end } = writeLines(reply)
    const report = (line: ReplayLine) => write(JSON.stringify(line))
    const clientGone = new AbortController()
    closed.then(() => clientGone.abort())
    const tasks = [...sources.keys()]
    const options = { task, discard, dryRun: dryRun === 'true', signal: clientGone.signal }
    try {
      await replay({ log, tasks, deliver, ...options }, (line) => void report(line))
    } catch (error) {
      await report({ error: (error as Error).message })
    }
    end()
  })

  /** Delivers an event to a task, whether or not the task has handled it before. 502: the event became a dead letter. */
  sink.post<{ Params: { task: string } }>('/deliveries/:task', async (request, reply) => {
    const source = sources.get(request.params.task)
    if (!source) return reply.code(404).send()
    const record = { headers: eventHeaders(request.headers), body: String(request.body ?? '') }
    return reply.code((await source.deliver(record, replayRetries)) ? 204 : 502).send()
  })

  /** Skips the record in every task that reads the topic. */
  sink.post<{
    Params: { topic: string; partition: string; offset: string }
    Reply: SkipOutcome[]
  }>('/skip/:topic/:partition/:offset', async (request) => {
    const { topic, partition, offset } = request.params
    const reading = [...sources].filter(([, source]) => source.topics.includes(topic))
    const outcomes = reading.map(async ([task, source]): Promise<SkipOutcome> => {
      const skipped = source.skip({ topic, partition: Number(partition), offset: Number(offset) })
      const problem = await skipped.then(() => undefined, messageOf)
      return { task, ...(problem !== undefined && { problem }) }
    })
    return Promise.all(outcomes)
  })
}

const messageOf = ({ message }: Error): string => message
