// The log of a process: readable lines on a terminal, JSON lines everywhere else. Never an answer of a person in it.
import { type Logger, pino } from 'pino'
import * as z from 'zod'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const LogLevel = z
  .enum(levels, `expected one of ${levels.join(', ')}`)
  .default('info')
  .describe(
    'fatal, error, warn, info, debug, trace or silent. Readable lines on a terminal, else JSON; never contains answers',
  )

export async function createLogger(
  level: string,
  base: Record<string, string> = {},
): Promise<Logger> {
  if (!process.stdout.isTTY) return pino({ level, base })
  const { default: pretty } = await import('pino-pretty')
  return pino({ level, base }, pretty({ sync: true, ignore: 'pid,hostname' }))
}
