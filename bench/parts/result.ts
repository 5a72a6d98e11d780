// What benches measure, in the shape in which bench/results holds it.
import { type Spread, spread } from './spread.ts'

/** Measurements of one case in one round. */
export interface Round {
  /** By name; table.ts has the headings of the names. */
  figures: Record<string, number>
  /** CPU time for one unit, in microseconds, by process. */
  cpu?: Record<string, number>
  /** Peak of resident memory, in MB, by process. */
  memory?: Record<string, number>
}

/** A case of a bench: every number of its rounds as median and spread. `broker 1`, `broker 2`, … are added up as `brokers`. */
export interface Case {
  figures: Record<string, Spread>
  cpu?: Record<string, Spread>
  memory?: Record<string, Spread>
}

export interface Goal {
  what: string
  /** What `measured` should be at most, or at least. */
  atMost?: number
  atLeast?: number
  measured: Spread
  /** Before this was a goal. */
  before: string
}

export interface Result {
  /** What the figures count: submission, event, start. */
  unit: string
  cases: Record<string, Case>
  goals: Goal[]
  rounds: Rounds
}

export const isResult = (result: object): result is Result => 'cases' in result && 'goals' in result

export type Rounds = Record<string, Round[]>

/** A number of each round of a case. */
export const spreadOf = (rounds: Rounds, name: string, of: (round: Round) => number): Spread =>
  spread((rounds[name] ?? []).map(of))

/** The result of a bench without its goals. */
export const summarise = (unit: string, rounds: Rounds): Omit<Result, 'goals'> => ({
  unit,
  cases: Object.fromEntries(
    Object.entries(rounds).map(([name, measured]) => [name, summariseCase(measured)]),
  ),
  rounds,
})

const summariseCase = (rounds: Round[]): Case => ({
  figures: spreads(rounds.map(({ figures }) => figures)),
  ...(rounds[0]?.cpu && { cpu: spreads(rounds.map(({ cpu = {} }) => addUpBrokers(cpu))) }),
  ...(rounds[0]?.memory && { memory: spreads(rounds.map(({ memory = {} }) => memory)) }),
})

function spreads(rounds: Record<string, number>[]): Record<string, Spread> {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, spread(rounds.map((round) => round[name] as number))]),
  )
}

function addUpBrokers(cpu: Record<string, number>): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [name, used] of Object.entries(cpu)) {
    const group = name.startsWith('broker ') ? 'brokers' : name
    sums[group] = (sums[group] ?? 0) + used
  }
  return sums
}

/** CPU time of all processes but the load generator. */
export const totalCpu = (cpu: Record<string, number>): number =>
  Object.entries(cpu).reduce((sum, [name, used]) => (name === 'load' ? sum : sum + used), 0)

/** 'reached', or by how much of the goal it is missed. */
export function verdict({ atMost, atLeast, measured: { median } }: Goal): string {
  const goal = atMost ?? atLeast ?? 0
  const missed = atMost === undefined ? goal - median : median - goal
  if (missed <= 0) return 'reached'
  return goal === 0 ? 'missed' : `missed by ${Math.round((100 * missed) / goal)}%`
}
