// The lines of Kafka: disk, brokers, network.

import { eventsFile } from './lines.ts'
import { cited } from './measured.ts'
import { type Plan, type PlannedTopic, replicas } from './plan.ts'
import { type Line, number, percent, size } from './print.ts'

const eventFile = 'scripts/size/flow.ts'
const planFile = 'kafka/topics/plan.ts'

export const kafkaLines = (plan: Plan): Line[] => [
  brokers(plan),
  ...plan.topics.filter(({ bytes }) => bytes > 0).map((topic) => diskOf(topic, plan)),
  ...disks(plan),
  ...network(plan),
]

const brokers = ({ brokers, network }: Plan): Line => ({
  what: 'brokers',
  amount: String(brokers),
  how:
    `at least ${replicas}; ${size(network.written * replicas)}/s with replicas ÷ ` +
    `(${size(cited.brokerBytesPerSecond.value)}/s × ${percent(cited.brokerShare.value)}); ` +
    `${number(cited.brokerPartitions.value)} partitions with replicas on each`,
  from: [
    planFile,
    cited.brokerBytesPerSecond.from,
    cited.brokerShare.from,
    cited.brokerPartitions.from,
  ],
})

const diskOf = (
  { name, perSecond, days, bytes }: PlannedTopic,
  { input, eventBytes }: Plan,
): Line => ({
  what: `disk of ${name}`,
  amount: size(bytes),
  how: `${number(perSecond)}/s × ${input.peakHours} h × ${days} days × ${eventBytes} B × ${replicas} replicas`,
  from: [eventsFile, eventFile, planFile],
})

const disks = ({ input, brokers, disk, monthly, network }: Plan): Line[] => [
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
    from: [eventFile, planFile],
  },
]

const network = ({ input, eventBytes, network }: Plan): Line[] => [
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
    from: [eventFile, planFile],
  },
  {
    what: 'network out of Kafka',
    amount: `${size(network.read)}/s`,
    how: `each task reads all of its topic × ${eventBytes} B`,
    from: [eventFile],
  },
]
