// The form endpoint under load, beside the same route without a log and beside bare HTTP servers. `ingest` uses the embedded log,
// `ingest --kafka` three brokers with acks=all and two in-sync replicas.
import { type Brokers, withBrokers } from './parts/brokers.ts'
import type { Processes } from './parts/cpu.ts'
import { bare, endpoint, measureServer, type Server } from './parts/endpoint-round.ts'
import type { BenchOptions } from './parts/options.ts'
import { before, cpuOf, figure, type Result, ratio, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const connections = [50, 200, 1000]
/** Seconds until the JVMs of the brokers have compiled what they run. */
const brokersWarmUp = 30

export default ({ kafka, against }: BenchOptions): Promise<Result> =>
  kafka ? withBrokers((brokers) => measureKafka(brokers, against)) : measureEmbedded(against)

async function measureEmbedded(against?: string): Promise<Result> {
  const rounds = await alternate({
    'node:http, 200': () => measureServer(bare('http'), 200),
    'fastify, 200': () => measureServer(bare('fastify'), 200),
    ...cases({ name: 'no log', server: endpoint('none'), at: [200], against }),
    'no log, HTML forms, 200': () => measureServer(endpoint('none'), 200, { asForm: true }),
    ...cases({ name: 'embedded', server: endpoint('sqlite'), at: connections, against }),
  })
  return summarise('submission', rounds, [
    {
      what: 'endpoint CPU per submission, no log, µs',
      of: 'no log, 200',
      number: cpuOf('endpoint'),
      atMost: 50,
      before: '64–82',
    },
    {
      what: 'ingest embedded, 200 connections, per second',
      of: 'embedded, 200',
      number: figure('perSecond'),
      atLeast: 14_000,
      before: '11,100',
    },
    {
      what: 'the same, of the route alone',
      of: 'embedded, 200',
      number: ratio('perSecond', 'no log, 200'),
      atLeast: 0.8,
      before: '0.81',
    },
    {
      what: 'ingest of HTML forms, of that of JSON, no log',
      of: 'no log, HTML forms, 200',
      number: ratio('perSecond', 'no log, 200'),
      atLeast: 0.8,
      before: '',
    },
    {
      what: 'memory of the endpoint, 200 connections, MB',
      of: 'embedded, 200',
      number: figure('peakMemory'),
      atMost: 110,
      before: '164',
    },
  ])
}

async function measureKafka({ addresses, processes }: Brokers, against?: string): Promise<Result> {
  const server = endpoint('kafka', addresses)
  const spool = endpoint('spool', addresses)
  await measureServer(server, 200, { beside: processes, seconds: brokersWarmUp })
  const rounds = await alternate({
    ...cases({ name: 'no log', server: endpoint('none'), at: [200] }),
    ...cases({ name: 'Kafka', server, at: connections, beside: processes, against }),
    ...cases({ name: 'Kafka with a spool', server: spool, at: [200], beside: processes }),
    ...cases({ name: 'Kafka away, with a spool', server: endpoint('away'), at: [200] }),
  })
  return summarise('submission', rounds, [
    {
      what: 'endpoint CPU per submission, three brokers, 200 connections, µs',
      of: 'Kafka, 200',
      number: cpuOf('endpoint'),
      atMost: 95,
      before: '204–216',
    },
    {
      what: "brokers' CPU per submission, 200 connections, µs",
      of: 'Kafka, 200',
      number: cpuOf('broker'),
      atMost: 45,
      before: '190',
    },
    {
      what: 'ingest on Kafka, 200 connections, per second',
      of: 'Kafka, 200',
      number: figure('perSecond'),
      atLeast: 9000,
      before: '3,400–3,800',
    },
    {
      what: 'the same, p99 of the 202, ms',
      of: 'Kafka, 200',
      number: figure('p99'),
      atMost: 60,
      before: '130–600',
    },
    {
      what: 'with a spool, of the rate without one',
      of: 'Kafka with a spool, 200',
      number: ratio('perSecond', 'Kafka, 200'),
      atLeast: 0.95,
      before: '',
    },
    {
      what: 'ingest while Kafka is away, with a spool, per second',
      of: 'Kafka away, with a spool, 200',
      number: figure('perSecond'),
      atLeast: 5000,
      before: '',
    },
    {
      what: 'ingest on Kafka, 1,000 connections, p99, ms',
      of: 'Kafka, 1000',
      number: figure('p99'),
      atMost: 250,
      before: '',
    },
    {
      what: 'the same, errors',
      of: 'Kafka, 1000',
      number: figure('failed'),
      atMost: 0,
      before: '0',
    },
  ])
}

interface Cases {
  name: string
  server: Server
  /** Numbers of connections. */
  at: number[]
  /** Processes that work for the server. */
  beside?: Processes
  /** Another checkout whose server runs beside, with 200 connections. */
  against?: string | undefined
}

function cases({ name, server, at, beside = {}, against }: Cases) {
  const own = at.map(
    (count) => [`${name}, ${count}`, () => measureServer(server, count, { beside })] as const,
  )
  const other = () => measureServer({ ...server, root: against }, 200, { beside })
  return Object.fromEntries([
    ...own,
    ...(against === undefined ? [] : [[before(`${name}, 200`), other] as const]),
  ])
}
