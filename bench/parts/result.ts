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

/** A number that a bench should reach. */
interface Wanted {
  what: string
  /** The case. */
  of: string
  /** Of one round of it. `sameRound`: that of another case. */
  number: (round: Round, sameRound: (name: string) => Round) => number
  atMost?: number
  atLeast?: number
  /** What it was when it became a goal. */
  before: string
}

export interface Goal extends Pick<Wanted, 'what' | 'atMost' | 'atLeast' | 'before'> {
  measured: Spread
  /** Of the other checkout of `--against`, in the same run. */
  other?: Spread
}

export type Rounds = Record<string, Round[]>

export interface Result {
  /** What the figures count: submission, event, start. */
  unit: string
  cases: Record<string, Case>
  goals: Goal[]
  rounds: Rounds
}

/** The name of a case when another checkout runs it. */
export const before = (name: string): string => `before: ${name}`

export const isResult = (result: object): result is Result => 'cases' in result && 'goals' in result

export const summarise = (unit: string, rounds: Rounds, wanted: Wanted[]): Result => ({
  unit,
  cases: Object.fromEntries(
    Object.entries(rounds).map(([name, measured]) => [name, summariseCase(measured)]),
  ),
  goals: wanted.map(({ of, number, ...goal }) => {
    const measure = (nameOf: (name: string) => string) =>
      rounds[nameOf(of)]?.map((round, n) =>
        number(round, (name) => rounds[nameOf(name)]?.[n] as Round),
      )
    const [own = [], other] = [measure((name) => name), measure(before)]
    return { ...goal, measured: spread(own), ...(other && { other: spread(other) }) }
  }),
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

export const figure =
  (name: string) =>
  ({ figures }: Round): number =>
    figures[name] as number

/** A figure of a case, of the same figure of another case in the same round. */
export const ratio =
  (name: string, of: string): Wanted['number'] =>
  (round, sameRound) =>
    figure(name)(round) / figure(name)(sameRound(of))

/** Of all processes whose names begin so. */
export const cpuOf =
  (process: string) =>
  ({ cpu = {} }: Round): number =>
    Object.entries(cpu).reduce(
      (sum, [name, used]) => (name.startsWith(process) ? sum + used : sum),
      0,
    )

/** 'reached', or by how much of the goal it is missed. */
export function verdict({ atMost, atLeast, measured: { median } }: Goal): string {
  const goal = atMost ?? atLeast ?? 0
  const missed = atMost === undefined ? goal - median : median - goal
  if (missed <= 0) return 'reached'
  return goal === 0 ? 'missed' : `missed by ${Math.round((100 * missed) / goal)}%`
}
