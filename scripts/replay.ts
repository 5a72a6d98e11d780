// Sends dead letters back to the task that failed. Their ids stay the same.
//
//   npm run replay [-- options]
//
//   --task <name>                    only letters of this task
//   --dry-run                        lists the letters; sends nothing
//   --discard <letter>|unreadable    sends nothing; marks one letter (by place or id), or all unreadable ones, as handled
//   --to <url>                       address of the tasks in a cluster; {task} in it stands for the task's name
//
// It exits with 1 if a letter failed again. The instance that runs on DATA_DIR sends them. If none runs, and KAFKA_BROKERS is set, they go to the tasks of a cluster.
import { connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { readConfig } from '#kit/config.ts'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { findInstance, type Instance } from '../local/knative/control/instance-file.ts'
import type { ReplayedLetter } from '../local/knative/replay/replay.ts'
import { parseCommand } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const { values } = parseCommand({
  task: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  discard: { type: 'string' },
  to: { type: 'string', default: '' },
})
const { task, discard, 'dry-run': dryRun, to } = values

const counts: Record<string, number> = {}
function report({ result, task = '-', position, id, reason }: ReplayedLetter): void {
  counts[result] = (counts[result] ?? 0) + 1
  console.log(`${result.padEnd(18)} ${task.padEnd(12)} ${position}  ${id}  (${reason})`)
}

const connection = connectionOf(readConfig(KafkaEnvironment, process.env))
const instance = to ? undefined : await findInstance(dataDir()).catch(orCluster)
if (instance) await replayByInstance(instance)
else await replayToCluster()
console.log(
  Object.entries(counts)
    .map((entry) => entry.reverse().join(' '))
    .join(', ') || 'No dead letters',
)
if (counts['dead letter again']) process.exitCode = 1
if (counts['no address']) {
  console.log('Say where the tasks are with --to http://{task}.<namespace>.svc.cluster.local/')
}

function dataDir(): string {
  return readConfig(Environment, process.env).DATA_DIR
}

function orCluster(error: Error): undefined {
  if (!connection) throw new Error(`${error.message}; or set KAFKA_BROKERS to those of a cluster`)
}

async function replayByInstance(instance: Instance): Promise<void> {
  for await (const letter of connectInstance(instance).replay({ task, discard, dryRun })) {
    report(letter)
  }
}

async function replayToCluster(): Promise<void> {
  if (!connection) throw new Error('Expected KAFKA_BROKERS with --to, found it not set')
  const { replayInCluster } = await import('./replay/in-cluster.ts')
  const stop = new AbortController()
  // Letters that were sent are marked as replayed before it ends.
  process.once('SIGINT', () => stop.abort())
  const asked = { task, discard, dryRun, to: to || undefined, signal: stop.signal }
  await replayInCluster({ connection, ...asked }, report)
}
