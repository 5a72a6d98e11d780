// The logger of a process: readable lines on a terminal, JSON lines elsewhere. Answers of people must never be logged.
import { isatty } from 'node:tty'
import { type Logger, pino } from 'pino'

export async function createLogger(
  level: string,
  base: Record<string, string> = {},
): Promise<Logger> {
  // Of the descriptor: in a worker thread, process.stdout is never a terminal.
  if (!isatty(1)) return pino({ level, base })
  const { default: pretty } = await import('pino-pretty')
  return pino({ level, base }, pretty({ sync: true, ignore: 'pid,hostname' }))
}
