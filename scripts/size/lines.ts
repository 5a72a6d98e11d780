// The lines that `npm run size` prints: each amount with its calculation and the sources of its figures.
import { cited, type Measured } from './measured.ts'
import {
  type Plan,
  type PlannedFunction,
  type PlannedTask,
  type PlannedTopic,
  replicas,
} from './plan.ts'
import { duration, type Line, number, percent, size } from './print.ts'
import { sinkLines } from './sinks.ts'

const files = {
  events: 'kafka/events.ts',
  facts: 'knative/generate/function-facts.ts',
  eventBytes: 'scripts/size/capacity.ts',
  topicPlan: 'kafka/topics/plan.ts',
}

export const linesOf = (plan: Plan, measured: Measured): Line[] => [
  ...plan.topics.map(partitionLine),
  ...plan.tasks.map(consumerLine),
  ...[plan.endpoint, ...plan.tasks].map(replicaLine),
  ...plan.tasks.map(maximumLine),
  ...sinkLines(plan.sinks),
  brokerLine(plan),
  ...plan.topics.filter(({ bytes }) => bytes > 0).map((topic) => topicDiskLine(topic, plan)),
  ...diskLines(plan),
  ...networkLines(plan),
  ...limitLines(plan, measured),
]

const partitionLine = ({ name, perSecond, partitions, declared }: PlannedTopic): Line => ({
  what: `partitions of ${name}`,
  amount: String(partitions),
  how:
    `${number(perSecond)} events/s; ${declared} declared, ` +
    (partitions > declared ? 'MORE ARE NEEDED, one for each consumer' : 'enough for the consumers'),
  from: [files.events],
})

const consumerLine = ({ name, perSecond, underWay, consumers, ordered }: PlannedTask): Line => ({
  what: `consumers of ${name}`,
  amount: String(consumers),
  how:
    `the larger of ${number(perSecond)}/s ÷ ${number(cited.consumerPerSecond.value)}/s and ` +
    `${number(underWay)} in flight ÷ ${cited.consumerInFlight.value}, ÷ ${percent(cited.busy.value)}; ` +
    `if ordered, ${number(ordered)}`,
  from: [cited.consumerPerSecond.from, cited.busy.from],
})

function replicaLine(planned: PlannedFunction): Line {
  const { name, perSecond, ms, underWay, scale, needed, maxPerSecond, cpu } = planned
  const aimed = `target ${scale.target} × ${percent(cited.utilization.value)}`
  const busy = percent(cited.busy.value)
  const bound = needed.bound === 'minimum' ? `minimum ${Math.max(1, scale.min)}` : needed.bound
  const tooFew = maxPerSecond < perSecond ? ': TOO FEW' : ''
  const over =
    needed.count > scale.max
      ? `, MORE THAN max ${scale.max}, which take ${number(maxPerSecond)}/s${tooFew}`
      : ''
  return {
    what: `replicas of ${name}`,
    amount: String(needed.count),
    how:
      `${number(perSecond)}/s × ${number(ms.value)} ms = ${number(underWay)} in flight ÷ (${aimed}); ` +
      `CPU ${number(perSecond)}/s ÷ (${number(cpu.value)}/s × ${busy}); bound by ${bound}${over}`,
    from: [files.facts, cited.utilization.from, cited.busy.from, cpu.from, ms.from],
  }
}

const maximumLine = ({ name, consumers, maxPerSecond, ms, scale, cpu }: PlannedTask): Line => ({
  what: `most of ${name}`,
  amount: `${number(maxPerSecond)}/s`,
  how:
    `with these consumers and ${scale.max} replicas: the least of ${consumers} × ${cited.consumerInFlight.value} and ` +
    `${scale.max} × ${scale.concurrency} in flight ÷ ${number(ms.value)} ms, ${consumers} × ${number(cited.consumerPerSecond.value)}/s, ${scale.max} × ${number(cpu.value)}/s`,
  from: [files.facts, cited.consumerInFlight.from, cpu.from, ms.from],
})

const brokerLine = ({ brokers, network }: Plan): Line => ({
  what: 'brokers',
  amount: String(brokers),
  how:
    `at least ${replicas}; ${size(network.written * replicas)}/s with replicas ÷ ` +
    `(${size(cited.brokerBytesPerSecond.value)}/s × ${percent(cited.brokerShare.value)}); ` +
    `${number(cited.brokerPartitions.value)} partitions with replicas on each`,
  from: [
    files.topicPlan,
    cited.brokerBytesPerSecond.from,
    cited.brokerShare.from,
    cited.brokerPartitions.from,
  ],
})

const topicDiskLine = (
  { name, perSecond, days, bytes }: PlannedTopic,
  { input, eventBytes }: Plan,
): Line => ({
  what: `disk of ${name}`,
  amount: size(bytes),
  how: `${number(perSecond)}/s × ${input.peakHours} h × ${days} days × ${eventBytes} B × ${replicas} replicas`,
  from: [files.events, files.eventBytes, files.topicPlan],
})

const diskLines = ({ input, brokers, disk, monthly, network }: Plan): Line[] => [
  {
    what: 'disk of Kafka',
    amount: size(disk),
    how: `all topics ÷ ${percent(cited.diskShare.value)}, ${size(disk / brokers)} for each broker; without dead letters`,
    from: [cited.diskShare.from],
  },
  {
    what: 'written in a month',
    amount: size(monthly),
    how: `${size(network.written)}/s × ${input.peakHours} h × 30 days × ${replicas} replicas`,
    from: [files.eventBytes, files.topicPlan],
  },
]

const networkLines = ({ input, eventBytes, network }: Plan): Line[] => [
  {
    what: 'network to the endpoint',
    amount: `${size(network.endpoint)}/s`,
    how: `${number(input.submissionsPerSecond)}/s × ${input.submissionBytes} B, without HTTP's headers`,
    from: ['the flags'],
  },
  {
    what: 'network into Kafka',
    amount: `${size(network.written)}/s`,
    how: `the events of all topics × ${eventBytes} B; between brokers ${size(network.between)}/s more`,
    from: [files.eventBytes, files.topicPlan],
  },
  {
    what: 'network out of Kafka',
    amount: `${size(network.read)}/s`,
    how: `each task reads all of its topic × ${eventBytes} B`,
    from: [files.eventBytes],
  },
]

/** Limits of single tasks: CPU for slang, Google's quota and the maximum size of a spreadsheet for sheets. */
function limitLines({ tasks, input }: Plan, measured: Measured): Line[] {
  const rate = (name: string) => tasks.find((task) => task.name === name)?.perSecond
  const [slang, sheets] = [rate('slang'), rate('sheets')]
  return [
    ...(slang === undefined ? [] : [slangLine(slang, measured)]),
    ...(sheets === undefined
      ? []
      : [quotaLine(sheets, measured), cellLine(sheets * 3600 * input.peakHours)]),
  ]
}

const slangLine = (perSecond: number, { slangMicroseconds }: Measured): Line => ({
  what: 'CPU of slang',
  amount: `${number(perSecond * slangMicroseconds.value * 1e-4)}%`,
  how: `of a core for each text of a form: ${number(perSecond)}/s × ${number(slangMicroseconds.value)} µs`,
  from: [slangMicroseconds.from],
})

function quotaLine(perSecond: number, { rowsPerCall }: Measured): Line {
  const calls = cited.userCallsPerMinute
  const rows = (calls.value / 60) * rowsPerCall.value
  return {
    what: 'rows that Google takes',
    amount: `${number(rows)}/s`,
    how:
      `${calls.value} calls a minute of one user × ${number(rowsPerCall.value)} rows` +
      (perSecond > rows ? `, LESS THAN ${number(perSecond)}/s: rows wait` : ''),
    from: [calls.from, rowsPerCall.from],
  }
}

/** Columns of the example form: eight fields, id and time. */
const columns = 10

const cellLine = (daily: number): Line => ({
  what: 'one spreadsheet is full',
  amount: `in ${duration(cited.spreadsheetCells.value / columns / (daily / 24))}`,
  how: `${number(cited.spreadsheetCells.value)} cells ÷ ${columns} columns, if every row goes to it`,
  from: [cited.spreadsheetCells.from, 'forms/student-data.yaml'],
})
