import { rules } from '#kit/delivery-rules.ts'
import { UsageError } from '../parse-command.ts'

export interface Input {
  /** At the peak. */
  submissionsPerSecond: number
  /** Time that each task after validation takes for one event, until the follow-on event is published, ms. */
  taskMs: number
  /** Size of the answers of one submission. */
  submissionBytes: number
  /** Hours at the peak rate that a whole day's submissions amount to. */
  peakHours: number
}

/** Reads the options of `npm run size`. Throws one error with all that is wrong. */
export function readInput(
  options: Record<string, string | undefined>,
  exampleBytes: number,
): Input {
  const problems: string[] = []
  function read(name: string, max: number, otherwise?: number): number {
    const text = options[name] ?? otherwise?.toString()
    const value = text?.trim() ? Number(text) : Number.NaN
    if (value > 0 && value <= max) return value
    const found = text === undefined ? 'nothing' : `"${text}"`
    problems.push(`Expected --${name} to be a number above 0, ${max} at most, found ${found}`)
    return Number.NaN
  }
  const input = {
    submissionsPerSecond: read('submissions-per-second', 1e6),
    taskMs: read('task-ms', rules.timeout),
    // The limit of the endpoint is a little above.
    submissionBytes: read('submission-bytes', 900_000, exampleBytes),
    peakHours: read('peak-hours', 24, 24),
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return input
}
