// The form endpoint under load, beside the same route without a log and beside bare HTTP servers. `ingest` uses the embedded log,
// `ingest --kafka` three brokers with acks=all and two in-sync replicas.
import { startArguments } from '../test/instance.ts'
import { type Brokers, withBrokers } from './parts/brokers.ts'
import { startServerProcess } from './parts/child-process.ts'
import { measureCpu, memoryOf, type Processes } from './parts/cpu.ts'
import { runLoad } from './parts/load.ts'
import {
  type Goal,
  type Result,
  type Round,
  type Rounds,
  spreadOf,
  summarise,
} from './parts/result.ts'
import { alternate } from './parts/rounds.ts'
import { spread } from './parts/spread.ts'

const connections = [50, 200, 1000]
const [warmUp, seconds] = [2, 5]
/** Seconds until the JVMs of the brokers have compiled what they run. */
const brokersWarmUp = 30

type Server = [file: string, ...args: string[]]
const bare = (kind: 'http' | 'fastify'): Server => ['bare-server.ts', kind]
const endpoint = (log: 'none' | 'sqlite' | 'kafka', brokers = ''): Server => [
  'ingest-server.ts',
  log,
  brokers,
]

export default async function ingest({ kafka }: { kafka: boolean }): Promise<Result> {
  return kafka ? withBrokers(measureKafka) : measureEmbedded()
}

async function measureEmbedded(): Promise<Result> {
  const cases = {
    'node:http, 200': () => measure(bare('http'), 200),
    'fastify, 200': () => measure(bare('fastify'), 200),
    'no log, 200': () => measure(endpoint('none'), 200),
    ...atEach('embedded', endpoint('sqlite')),
  }
  const rounds = await alternate(cases)
  return { ...summarise('submission', rounds), goals: goalsOfEmbedded(rounds) }
}

async function measureKafka({ addresses, processes }: Brokers): Promise<Result> {
  await measure(endpoint('kafka', addresses), 200, { beside: processes, seconds: brokersWarmUp })
  const cases = {
    'no log, 200': () => measure(endpoint('none'), 200),
    ...atEach('Kafka', endpoint('kafka', addresses), processes),
  }
  const rounds = await alternate(cases)
  return { ...summarise('submission', rounds), goals: goalsOfKafka(rounds) }
}

const atEach = (name: string, server: Server, beside: Processes = {}) =>
  Object.fromEntries(
    connections.map((count) => [`${name}, ${count}`, () => measure(server, count, { beside })]),
  )

async function measure(
  [file, ...args]: Server,
  connections: number,
  options: { beside?: Processes; seconds?: number } = {},
): Promise<Round> {
  const server = await startServerProcess(file, args, startArguments.slice(0, -1))
  const load = { url: `http://127.0.0.1:${server.port}/forms/student-data`, connections }
  await runLoad({ ...load, seconds: warmUp })
  const cpu = await measureCpu({ endpoint: server.pid, ...options.beside })
  const { perSecond, p50, p99, failed, done, ...generator } = await runLoad({
    ...load,
    seconds: options.seconds ?? seconds,
  })
  const used = { ...(await cpu(done)), load: generator.cpu }
  const { peak } = await memoryOf(server.pid)
  await server.stop()
  return { figures: { perSecond, p50, p99, failed, peakMemory: peak }, cpu: used }
}

const figure = (rounds: Rounds, name: string, figure: string) =>
  spreadOf(rounds, name, ({ figures }) => figures[figure] as number)
const cpuOf = (rounds: Rounds, name: string, process: RegExp) =>
  spreadOf(rounds, name, ({ cpu = {} }) =>
    Object.entries(cpu).reduce((sum, [name, used]) => (process.test(name) ? sum + used : sum), 0),
  )

function goalsOfEmbedded(rounds: Rounds): Goal[] {
  const alone = rounds['no log, 200'] as Round[]
  const ofAlone = spread(
    (rounds['embedded, 200'] as Round[]).map(
      ({ figures }, n) => (figures.perSecond as number) / (alone[n]?.figures.perSecond as number),
    ),
  )
  return [
    {
      what: 'endpoint CPU per submission, no log, µs',
      atMost: 50,
      before: '64–82',
      measured: cpuOf(rounds, 'no log, 200', /endpoint/),
    },
    {
      what: 'ingest embedded, 200 connections, per second',
      atLeast: 14_000,
      before: '11,100',
      measured: figure(rounds, 'embedded, 200', 'perSecond'),
    },
    { what: 'the same, of the route alone', atLeast: 0.8, before: '0.81', measured: ofAlone },
    {
      what: 'memory of the endpoint, 200 connections, MB',
      atMost: 110,
      before: '164',
      measured: figure(rounds, 'embedded, 200', 'peakMemory'),
    },
  ]
}

function goalsOfKafka(rounds: Rounds): Goal[] {
  const [at200, at1000] = ['Kafka, 200', 'Kafka, 1000']
  return [
    {
      what: 'endpoint CPU per submission, three brokers, µs',
      atMost: 95,
      before: '204–216',
      measured: cpuOf(rounds, at200, /endpoint/),
    },
    {
      what: "brokers' CPU per submission, 200 connections, µs",
      atMost: 45,
      before: '190',
      measured: cpuOf(rounds, at200, /broker/),
    },
    {
      what: 'ingest on Kafka, 200 connections, per second',
      atLeast: 9000,
      before: '3,400–3,800',
      measured: figure(rounds, at200, 'perSecond'),
    },
    {
      what: 'the same, p99 of the 202, ms',
      atMost: 60,
      before: '130–600',
      measured: figure(rounds, at200, 'p99'),
    },
    {
      what: 'ingest on Kafka, 1,000 connections, p99, ms',
      atMost: 250,
      before: '',
      measured: figure(rounds, at1000, 'p99'),
    },
    {
      what: 'the same, errors',
      atMost: 0,
      before: '',
      measured: figure(rounds, at1000, 'failed'),
    },
  ]
}
