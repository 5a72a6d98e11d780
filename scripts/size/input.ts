// What the calculator is told. All that is wrong is said together, with how it is used.
import { rules } from '#kit/delivery-rules.ts'

export interface Input {
  /** At the peak. */
  submissionsPerSecond: number
  /** Milliseconds that a task after the validation takes for one event, until it has published what follows. */
  taskMs: number
  /** Bytes of the answers of one submission. */
  submissionBytes: number
  /** Hours at the peak in which a whole day's submissions would come. */
  peakHours: number
}

interface Flag {
  name: keyof Input
  what: string
  most: number
  otherwise?: number
}

/** `otherwise`: what holds where it is not said. */
const flags = (exampleBytes: number): Record<string, Flag> => ({
  'submissions-per-second': { name: 'submissionsPerSecond', what: 'at the peak', most: 1e6 },
  'task-ms': { name: 'taskMs', what: 'milliseconds of a task for one event', most: rules.timeout },
  'submission-bytes': {
    name: 'submissionBytes',
    what: 'of the answers of one submission',
    // What a form may come to.
    most: 900_000,
    otherwise: exampleBytes,
  },
  'peak-hours': {
    name: 'peakHours',
    what: "hours at the peak that a day's submissions amount to",
    most: 24,
    otherwise: 24,
  },
})

/** For `parseArgs`. */
export const options = Object.fromEntries(
  Object.keys(flags(0)).map((flag) => [flag, { type: 'string' as const }]),
)

export function readInput(given: Record<string, string | undefined>, exampleBytes: number): Input {
  const problems: string[] = []
  const entries = Object.entries(flags(exampleBytes)).map(([flag, { name, most, otherwise }]) => {
    const found = given[flag]
    const value = found === undefined ? otherwise : found.trim() === '' ? undefined : Number(found)
    if (value !== undefined && value > 0 && value <= most) return [name, value]
    const shown = found === undefined ? 'nothing' : `"${found}"`
    problems.push(`Expected --${flag} to be a number above 0, ${most} at most, found ${shown}`)
    return [name, Number.NaN]
  })
  if (problems.length > 0) throw new Error([...problems, usage(exampleBytes)].join('\n'))
  return Object.fromEntries(entries) as unknown as Input
}

function usage(exampleBytes: number): string {
  const lines = Object.entries(flags(exampleBytes)).map(([flag, { what, otherwise }]) => {
    const unsaid = otherwise === undefined ? '' : `; ${otherwise} where it is not said`
    return `  --${flag.padEnd(23)} ${what}${unsaid}`
  })
  const command = 'npm run size -- --submissions-per-second 100 --task-ms 50'
  return [`Usage: ${command}`, ...lines].join('\n')
}
