// The local equivalent of a PingSource: posts a ping event to a task on its schedule. A failed tick is logged, not retried.
import { Cron } from 'croner'
import type { Logger } from 'pino'
import { judge } from '#kit/delivery-rules.ts'
import { pingOf } from '#kit/ping.ts'
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
