// Sends dead letters back to the task that failed, ids kept. What fails again is a dead letter again, with the new reason.
import type { CloudEvent } from 'cloudevents'
import { deadLetter } from '#kafka/events.ts'
import type { Log, LogRecord } from '#kafka/log.ts'
import { fromMessage, type Message } from '#kafka/wire.ts'
import type { Source } from './source.ts'

export interface ReplayOptions {
  log: Log
  sources: ReadonlyMap<string, Source>
  /** Only the dead letters of this task. */
  task: string | undefined
  /** Only shows what would be sent. */
  dryRun: boolean
}

/** A retry or two for what is only busy; a fault that is still there should be seen at once. */
export const retries = 2

export async function replay(
  options: ReplayOptions,
  report: (line: object) => void,
): Promise<void> {
  const { sources, task } = options
  if (task !== undefined && !sources.has(task)) {
    throw new Error(`Expected one of the tasks ${[...sources.keys()].join(', ')}, found "${task}"`)
  }
  for (const name of task === undefined ? sources.keys() : [task]) {
    await replayTask(name, sources.get(name) as Source, options, report)
  }
}

/** Each task has a group of its own on the dead letters, so that a replay goes on where the last one ended. */
async function replayTask(
  name: string,
  source: Source,
  { log, dryRun }: ReplayOptions,
  report: (line: object) => void,
): Promise<void> {
  const found = Promise.withResolvers<number>()
  const finished = Promise.withResolvers<void>()
  let seen = 0
  const consumer = await log.consume({
    topic: deadLetter.name,
    group: `replay.${name}`,
    from: 'earliest',
    inFlight: 20,
    handle: async (record) => {
      const count = await found.promise
      // Letters that this replay writes come after those it began with: they are for the next one.
      if (seen === count) throw new Error('The replay has ended')
      seen += 1
      const last = seen === count
      try {
        if (taskOf(record.headers) === name) report(await resend(name, source, record, dryRun))
        if (dryRun) throw new Error('A dry run settles nothing')
      } finally {
        if (last) finished.resolve()
      }
    },
  })
  found.resolve(await consumer.lag())
  if ((await found.promise) > 0) await finished.promise
  await consumer.close()
}

async function resend(
  task: string,
  source: Source,
  record: LogRecord,
  dryRun: boolean,
): Promise<object> {
  const event = fromMessage(record.headers, record.body)
  const about = { task, id: event.id, type: event.type, form: event.form, reason: reasonOf(event) }
  if (dryRun) return { ...about, result: 'would be sent' }
  const handled = await source.deliver(withoutError(record), retries)
  return { ...about, result: handled ? 'handled' : 'dead letter again' }
}

/** `http://<task>.…/`: the same in a cluster, where the host is the Service's. */
export const taskOf = (headers: Record<string, string>): string | undefined => {
  const dest = headers['ce-knativeerrordest']
  return dest && URL.canParse(dest) ? new URL(dest).hostname.split('.')[0] : undefined
}

const reasonOf = (event: CloudEvent): string => {
  const data = Buffer.from(String(event.knativeerrordata ?? ''), 'base64').toString()
  return `${event.knativeerrorcode} ${data}`
}

const errorHeaders = new Set(['ce-knativeerrordest', 'ce-knativeerrorcode', 'ce-knativeerrordata'])

const withoutError = ({ headers, body }: LogRecord): Message => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !errorHeaders.has(name))),
  body,
})
