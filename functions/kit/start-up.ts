// Starts a process so that all of its output is log lines. An error during the start is logged with its message, which is safe as
// no answers have arrived yet.
import type { Logger } from 'pino'
import { factsOf } from './error-facts.ts'
import { createLogger } from './logger.ts'
import { LOG_LEVEL } from './settings.ts'

export async function startUp(
  base: Record<string, string>,
  start: () => Promise<void>,
): Promise<void> {
  // `start` parses the whole environment and reports a wrong level.
  const log = await createLogger(LOG_LEVEL.catch('info').parse(process.env.LOG_LEVEL), base)
  logWarnings(log)
  try {
    await start()
  } catch (error) {
    log.fatal(bugFacts(error), `does not start: ${(error as Error).message}`)
    process.exit(1)
  }
}

/** A stack is logged only for errors in the code. */
const bugFacts = (error: unknown): object =>
  error instanceof TypeError || error instanceof ReferenceError ? factsOf(error) : {}

/** Logs Node's warnings. By default Node prints them to stderr, as plain text. */
export function logWarnings(log: Logger): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    // kafkajs sets timeouts in the past. They do no harm.
    if (warning.name === 'TimeoutNegativeWarning') return
    // An error that was passed to emitWarning may quote an answer: see error-facts.ts.
    const text = warning.name.endsWith('Warning') ? warning.message : 'an error was passed on'
    log.warn(factsOf(warning), text)
  })
}
