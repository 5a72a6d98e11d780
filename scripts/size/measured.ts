// The figures that `npm run size` calculates with, each with its source: a measurement in bench/results/, or a publication.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Figure {
  value: number
  from: string
}

const figure = (value: number, from: string): Figure => ({ value, from })

const knative = 'Knative: config-autoscaler'
const source = 'KafkaSource, measured: docs/scaling.md'
const sink = 'KafkaSink, measured: docs/scaling.md'
const google = 'Google: Sheets API, usage limits'

export const cited = {
  /** Share of its target that Knative fills a replica to. */
  utilization: figure(0.7, knative),
  /** Share of the capacity of consumers and cores to plan with; the rest is for bursts and to catch up. */
  busy: figure(0.7, 'docs/scaling.md: a choice'),
  /** The lowest rate that was measured. */
  consumerPerSecond: figure(7000, source),
  consumerInFlight: figure(100, source),
  orderedPerSecond: figure(250, source),
  /** Events a second that a receiver of KafkaSinks publishes, and CPU of the brokers for each. `shipped`: without knative/kafka-sink. */
  sinkPerSecond: figure(2840, sink),
  sinkMicroseconds: figure(137, sink),
  shippedSinkPerSecond: figure(1420, sink),
  shippedSinkMicroseconds: figure(634, sink),
  /** One producer, three brokers, three synchronous replicas: every broker writes all events. */
  brokerBytesPerSecond: figure(40.2e6, 'LinkedIn: Benchmarking Apache Kafka, 2014'),
  brokerShare: figure(0.6, 'Amazon MSK: Best practices, CPU'),
  diskShare: figure(0.85, 'Amazon MSK: Best practices, disk space'),
  brokerPartitions: figure(1000, 'Amazon MSK: Best practices, m5.large'),
  userCallsPerMinute: figure(60, google),
  spreadsheetCells: figure(10e6, 'Google: Files you can store in Drive'),
} satisfies Record<string, Figure>

export interface Measured {
  /** Submissions a second of one endpoint, with Kafka. */
  endpointPerSecond: Figure
  /** Time in which the endpoint checks a submission and appends it to Kafka, ms. Validation does the same work. */
  appendMs: Figure
  /** Deliveries a second of one core. */
  coreDeliveries: Figure
  slangMicroseconds: Figure
  rowsPerCall: Figure
}

const results = join(import.meta.dirname, '../../bench/results')

export async function readMeasured(folder = results): Promise<Measured> {
  const [ingest, flow, slang, sheets] = (await Promise.all(
    ['ingest--kafka', 'flow', 'slang', 'sheets'].map((name) => readResult(folder, name)),
  )) as [Result, Result, Result, Result]
  const endpoint = 'cases.Kafka, 200.figures'
  const processes = Object.keys(flow.object('cases.npm start.memory')).length
  const perSecond = flow.number('cases.npm start.figures.perSecond.median')
  return {
    endpointPerSecond: ingest.figure(`${endpoint}.perSecond.median`),
    appendMs: ingest.figure(`${endpoint}.p50.median`),
    // The benchmark of the whole flow uses all cores. Assumes that its processes use the same CPU; the load generator comes on top.
    coreDeliveries: figure(
      (perSecond * processes) / flow.number('machine.cores'),
      `${flow.file} npm start perSecond.median × ${processes} processes / cores`,
    ),
    slangMicroseconds: slang.figure('microsecondsPerText'),
    rowsPerCall: sheets.figure('atQuota.rowsPerCall'),
  }
}

interface Result {
  file: string
  number: (path: string) => number
  object: (path: string) => object
  figure: (path: string) => Figure
}

async function readResult(folder: string, name: string): Promise<Result> {
  const file = `bench/results/${name}.json`
  const json: unknown = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))
  const at = (path: string): unknown =>
    path.split('.').reduce((value, key) => (value as Record<string, unknown>)?.[key], json)
  const expected = (path: string, what: string) =>
    new Error(`Expected ${what} as ${path} in ${file}, found ${JSON.stringify(at(path))}`)
  const number = (path: string): number => {
    const value = at(path)
    if (typeof value === 'number' && value > 0) return value
    throw expected(path, 'a number above 0')
  }
  const object = (path: string): object => {
    const value = at(path)
    if (typeof value === 'object' && value !== null) return value
    throw expected(path, 'an object')
  }
  return { file, number, object, figure: (path) => figure(number(path), `${file} ${path}`) }
}
