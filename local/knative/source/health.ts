// Whether events come to a task: a reason why not is said once, until they come again.
import type { Logger } from 'pino'

interface Health {
  /** Undefined while all is well. */
  problem: () => string | undefined
  tell: (problem?: string) => void
}

interface Reading {
  task: string
  topic: string
  logger: Logger
}

export function healthOf({ task, topic, logger }: Reading): Health {
  let current: string | undefined
  return {
    problem: () => current,
    tell(problem) {
      if (problem && !current) logger.error({ task, topic, problem }, 'no events come')
      if (!problem && current) logger.info({ task, topic }, 'events come again')
      current = problem
    },
  }
}
