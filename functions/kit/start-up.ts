// The start of a process in a cluster: every line that it says is one of its log. Until it listens no answer of a person is at hand, so
// what is wrong then is said in its own words, and without a stack.
import type { Logger } from 'pino'
import { factsOf } from './error-facts.ts'
import { createLogger, LogLevel } from './logger.ts'

export async function startUp(
  base: Record<string, string>,
  start: () => Promise<void>,
): Promise<void> {
  // A wrong level is refused by whoever reads it next.
  const log = await createLogger(LogLevel.catch('info').parse(process.env.LOG_LEVEL), base)
  logWarnings(log)
  try {
    await start()
  } catch (error) {
    log.fatal({ ...bugOf(error) }, `does not start: ${(error as Error).message}`)
    process.exit(1)
  }
}

/** Where a mistake in the code is. */
const bugOf = (error: unknown): object =>
  error instanceof TypeError || error instanceof ReferenceError ? factsOf(error) : {}

/** In place of Node's own printing, which is no line of a log. */
export function logWarnings(log: Logger): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    // kafkajs sets a timeout for what is due already: that is no news to anybody.
    if (warning.name === 'TimeoutNegativeWarning') return
    // Of Node itself, or an error that somebody passed on: see error-facts.ts.
    const text = warning.name.endsWith('Warning') ? warning.message : 'an error was passed on'
    log.warn(factsOf(warning), text)
  })
}
