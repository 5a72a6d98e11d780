// Injects every fault many times and counts lost and doubled events; exits with 1 if there are any.
//
//   npm run test:chaos [-- embedded|kafka|appends|disks|spool|mail|webhooks] [options]   by default embedded
//
//   --runs <n>            runs of each fault, by default 20; spool: kills in its one run of each fault
//   --fault <text>        only faults whose name contains the text
//   --submissions <n>     in each run on Kafka, by default 20000; mail: by default 2000
//   --instances <n>       appends: instances that append at once, by default 1
//   --by-key              appends: also to a topic with order by key
//   --librdkafka <path>   appends: also with @confluentinc/kafka-javascript, installed in this folder
//   --platformatic <path> appends: also with @platformatic/kafka, installed in this folder
//
// webhooks: one run of 1,000 submissions with three targets, one of which is down for a minute, and one always answers 500.
//
// KAFKA_PORT is the port of the first broker: two suites can run side by side.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { parseCommand, UsageError } from '../../scripts/parse-command.ts'
import { freshTopics, testCluster } from '../log/kafka-cluster.ts'
import type { TargetCounts } from '../webhook/count-webhooks.ts'
import { oneMinuteDown, runWebhooks } from '../webhook/scenario.ts'
import { appends } from './appends.ts'
import { disks } from './disks.ts'
import { faults, scenario } from './faults.ts'
import { type KafkaFault, kafkaFaults, kafkaScenario, long, noFault } from './kafka-faults.ts'
import { type MailRun, mailFaults, runMails, startMails } from './mail.ts'
import { runSpool, spoolFaults } from './spool.ts'
import { table } from './table.ts'

const { values, positionals } = parseCommand(
  {
    runs: { type: 'string', default: '20' },
    fault: { type: 'string', default: '' },
    submissions: { type: 'string' },
    instances: { type: 'string', default: '1' },
    'by-key': { type: 'boolean', default: false },
    librdkafka: { type: 'string' },
    platformatic: { type: 'string' },
  },
  1,
)
const runs = Number(values.runs)
const submissions = Number(values.submissions ?? 20_000)
const instances = Number(values.instances)
const { fault, librdkafka, platformatic, 'by-key': byKey } = values

const suites: Record<string, () => Promise<number>> = {
  embedded: () => table(selected(faults), scenario, runs),
  kafka: () => onCluster(kafka),
  appends: () =>
    onCluster((cluster) =>
      appends(cluster, { runs, fault, submissions, instances, byKey, librdkafka, platformatic }),
    ),
  disks: () => onCluster(disks),
  spool: () => onCluster(spool),
  mail,
  webhooks,
}
const [name = 'embedded'] = positionals
const suite = suites[name]
if (!suite)
  throw new UsageError(`Expected one of ${Object.keys(suites).join(', ')}, found "${name}"`)
process.exitCode = (await suite()) > 0 ? 1 : 0

function selected<One>(all: Record<string, One>): Record<string, One> {
  const entries = Object.entries(all).filter(([name]) => name.includes(fault))
  return Object.fromEntries(entries)
}

/** Runs `work` on a new cluster of three brokers. */
async function onCluster(work: (cluster: Cluster) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-kafka-'))
  const cluster = testCluster(folder, { port: Number(process.env.KAFKA_PORT ?? 28092) })
  await cluster.start()
  try {
    return await work(cluster)
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }
}

/** One run of each fault, as long as its name says. Returns the number of submissions that are missing, doubled or out of order. */
async function spool(cluster: Cluster): Promise<number> {
  let failed = 0
  for (const [name, fault] of Object.entries(selected(spoolFaults(60_000, runs)))) {
    const counts = await runSpool(cluster, fault)
    console.log(`\n${name}\n`, counts)
    failed += counts.missing + counts.duplicate + counts.overtaken
  }
  return failed
}

/** Mails without faults, and with them. Returns the number of submissions with too few or uncounted mails, or wrong events. */
async function mail(): Promise<number> {
  const submissions = Number(values.submissions ?? 2000)
  const { instance, close } = await startMails()
  let failed = 0
  const all: Record<string, MailRun> = {
    'no fault': { submissions, faults: {} },
    'kill -9 every second, refusals, lost answers': {
      ...{ submissions, faults: mailFaults, killAfter: 1000 },
    },
  }
  for (const [name, run] of Object.entries(selected(all))) {
    const counts = await runMails(instance, run)
    console.log(`\n${name}\n`, counts)
    failed += counts.lost + counts.uncounted + counts.wrongEvents
    failed += run.killAfter ? Number(counts.kills === 0) : counts.doubled + counts.unknown
  }
  await close()
  return failed
}

/** Returns the number of messages that are missing or doubled, and of letters that name a target that works. */
async function webhooks(): Promise<number> {
  const { before, after, otherFormTook } = await runWebhooks(oneMinuteDown)
  console.log(before.targets, after.targets)
  const { forged, letters, otherLetters } = before
  console.log({ forged, letters, otherLetters: otherLetters.length, otherFormTook })
  const wrong = (expected: number, { messages, repeated, published }: TargetCounts) =>
    Math.abs(expected - messages) + Math.abs(expected - published) + repeated
  const { other, ...targets } = after.targets
  return Object.values(targets)
    .map((counts) => wrong(oneMinuteDown.submissions, counts))
    .concat(wrong(oneMinuteDown.submissions / 10, other as TargetCounts))
    .concat(forged, otherLetters.length, Math.abs(letters - oneMinuteDown.submissions))
    .reduce((sum, one) => sum + one, 0)
}

async function kafka(cluster: Cluster): Promise<number> {
  let failed = 0
  const all: Record<string, KafkaFault> = { 'no fault': noFault, ...kafkaFaults(cluster, long) }
  for (const [name, { fault, ...own }] of Object.entries(selected(all))) {
    for (let n = 0; n < runs; n++) {
      await freshTopics(cluster.addresses)
      const options = kafkaScenario(cluster, { requests: submissions / 100, ...own })
      failed += await table({ [name]: fault }, options, 1)
    }
  }
  return failed
}
