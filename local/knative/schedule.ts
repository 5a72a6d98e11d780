// The local equivalent of a PingSource: posts a ping event to a task on its schedule. A failed tick is logged, not retried.
import { CloudEvent } from 'cloudevents'
import { Cron } from 'croner'
import type { Logger } from 'pino'
import { type Message, toMessage } from '#kafka/binary-mode.ts'
import { pingType } from '#kit/deliver.ts'
import { judge } from '#kit/delivery-rules.ts'
import type { PostEvent } from './running-function.ts'

export interface ScheduleOptions {
  task: string
  /** Cron expression; with six fields, the first is seconds. */
  schedule: string
  post: PostEvent
  logger: Logger
}

export interface Schedule {
  /** Posts one tick now. Resolves when it has ended, even if it failed. */
  tick: () => Promise<void>
  stop: () => void
}

export function startSchedule({ task, schedule, post, logger }: ScheduleOptions): Schedule {
  async function tick(): Promise<void> {
    const { headers, body } = pingOf(task)
    try {
      const { status } = await post(headers, body)
      if (judge(status) !== 'done') logger.warn({ task, status }, 'scheduled run failed')
    } catch (error) {
      logger.warn({ task, reason: (error as Error).message }, 'scheduled run failed')
    }
  }
  // `protect`: ticks that are due while one is still running are left out.
  const job = new Cron(schedule, { timezone: 'UTC', protect: true }, tick)
  return { tick, stop: () => job.stop() }
}

/** The event of a tick, as a PingSource posts it. */
export const pingOf = (task: string): Message =>
  toMessage(
    new CloudEvent({
      type: pingType,
      source: `/apis/v1/namespaces/local/pingsources/${task}`,
      datacontenttype: 'application/json',
      data: {},
    }),
  )
