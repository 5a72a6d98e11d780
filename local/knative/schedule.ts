// A task's schedule on this machine, in the place of a PingSource: posts a tick to its process. One that fails is logged;
// the next comes.
import { Cron } from 'croner'
import type { Logger } from 'pino'
import { judge } from '#kit/delivery-rules.ts'
import { pingOf } from '#kit/ping.ts'
import type { Post } from './source/source.ts'

export interface ScheduleOptions {
  task: string
  /** Of cron; six fields begin with the seconds. */
  schedule: string
  post: Post
  logger: Logger
}

export interface Schedule {
  /** One more, now. Resolves when it is over, also where it failed. */
  tick: () => Promise<void>
  /** No tick begins any more. */
  stop: () => void
}

export function startSchedule({ task, schedule, post, logger }: ScheduleOptions): Schedule {
  async function tick(): Promise<void> {
    const { headers, body } = pingOf(task)
    try {
      const { status } = await post(headers, body)
      if (judge(status) !== 'done') logger.warn({ task, status }, 'tick failed')
    } catch (error) {
      logger.warn({ task, reason: (error as Error).message }, 'tick failed')
    }
  }
  // A tick that is still under way has a slot of the task's deliveries: it leaves out those that come meanwhile.
  const job = new Cron(schedule, { timezone: 'UTC', protect: true }, tick)
  return { tick, stop: () => job.stop() }
}
