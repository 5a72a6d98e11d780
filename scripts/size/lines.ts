// The lines of topics, consumers and replicas.
import { cited } from './measured.ts'
import type { Plan, PlannedFunction, PlannedTask, PlannedTopic } from './plan.ts'
import { type Line, number, percent } from './print.ts'

export const eventsFile = 'kafka/events.ts'
const factsFile = 'knative/generate/facts.ts'

export const scaleLines = ({ endpoint, tasks, topics }: Plan): Line[] => [
  ...topics.map(partitions),
  ...tasks.map(consumers),
  ...[endpoint, ...tasks].map(replicas),
  ...tasks.map(most),
]

const partitions = ({ name, perSecond, partitions, declared }: PlannedTopic): Line => ({
  what: `partitions of ${name}`,
  amount: String(partitions),
  how:
    `${number(perSecond)} events/s; ${declared} declared, ` +
    (partitions > declared ? 'MORE ARE NEEDED, one for each consumer' : 'enough for the consumers'),
  from: [eventsFile],
})

const consumers = ({ name, perSecond, underWay, consumers, ordered }: PlannedTask): Line => ({
  what: `consumers of ${name}`,
  amount: String(consumers),
  how:
    `the larger of ${number(perSecond)}/s ÷ ${number(cited.consumerPerSecond.value)}/s and ` +
    `${number(underWay)} in flight ÷ ${cited.consumerInFlight.value}, ÷ ${percent(cited.busy.value)}; ` +
    `if ordered, ${number(ordered)}`,
  from: [cited.consumerPerSecond.from, cited.busy.from],
})

function replicas(planned: PlannedFunction): Line {
  const { name, perSecond, ms, underWay, scale, needed, most, cpu } = planned
  const aimed = `target ${scale.target} × ${percent(cited.utilization.value)}`
  const busy = percent(cited.busy.value)
  const bound = needed.bound === 'minimum' ? `minimum ${Math.max(1, scale.min)}` : needed.bound
  const over =
    needed.count > scale.max
      ? `, MORE THAN max ${scale.max}, which take ${number(most)}/s${most < perSecond ? ': TOO FEW' : ''}`
      : ''
  return {
    what: `replicas of ${name}`,
    amount: String(needed.count),
    how:
      `${number(perSecond)}/s × ${number(ms.value)} ms = ${number(underWay)} in flight ÷ (${aimed}); ` +
      `CPU ${number(perSecond)}/s ÷ (${number(cpu.value)}/s × ${busy}); bound by ${bound}${over}`,
    from: [factsFile, cited.utilization.from, cited.busy.from, cpu.from, ms.from],
  }
}

const most = ({ name, consumers, most, ms, scale, cpu }: PlannedTask): Line => ({
  what: `most of ${name}`,
  amount: `${number(most)}/s`,
  how:
    `with these consumers and ${scale.max} replicas: the least of ${consumers} × ${cited.consumerInFlight.value} and ` +
    `${scale.max} × ${scale.concurrency} in flight ÷ ${number(ms.value)} ms, ${consumers} × ${number(cited.consumerPerSecond.value)}/s, ${scale.max} × ${number(cpu.value)}/s`,
  from: [factsFile, cited.consumerInFlight.from, cpu.from, ms.from],
})
