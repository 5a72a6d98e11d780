// `npm run test:chaos [-- --runs 20] [--fault <part of its name>] [--kafka] [--submissions 20000]`: every fault many times.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freshTopics, testCluster } from '../log/kafka-cluster.ts'
import { faults, scenario } from './faults.ts'
import { kafkaFaults, kafkaScenario } from './kafka-faults.ts'
import type { Fault } from './scenario.ts'
import { table } from './table.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    fault: { type: 'string', default: '' },
    kafka: { type: 'boolean', default: false },
    submissions: { type: 'string', default: '20000' },
  },
})
const runs = Number(values.runs)
const failed = values.kafka ? await onKafka() : await table(chosen(faults), scenario, runs)
process.exitCode = failed > 0 ? 1 : 0

function chosen(all: Record<string, Fault>): Record<string, Fault> {
  const named = Object.entries(all).filter(([name]) => name.includes(values.fault))
  return Object.fromEntries(named)
}

/** Each run on topics of its own on one cluster, which stays up. */
async function onKafka(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-kafka-'))
  const cluster = testCluster(folder)
  await cluster.start()
  let failed = 0
  for (const [name, fault] of Object.entries(chosen(kafkaFaults(cluster)))) {
    for (let n = 0; n < runs; n++) {
      await freshTopics(cluster.addresses)
      const requests = Number(values.submissions) / 100
      failed += await table({ [name]: fault }, kafkaScenario(cluster, requests), 1)
    }
  }
  await cluster.stop()
  await rm(folder, { recursive: true })
  return failed
}
