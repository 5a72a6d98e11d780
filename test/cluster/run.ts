// Runs the functions on a Kubernetes with Knative; exits with 1 if an event is lost or doubled.
//
//   npm run test:cluster [-- flow|policies|func|cold|ends|load|kills …] [options]   by default all
//
//   --submissions <n>   with load and kills, by default 20000
//   --users <n>         with load and kills: users that send at the same time, by default 50
//   --kill-every <n>    with kills: time between two kills, ms, by default 5000
//
// KUBECONFIG names the cluster: docs/knative.md.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { parseCommand, UsageError } from '../../scripts/parse-command.ts'
import { cold } from './cold.ts'
import { type Deployment, deploy } from './deployment.ts'
import { ends } from './ends.ts'
import { flow } from './flow.ts'
import { func } from './func.ts'
import { load } from './load.ts'
import { plot } from './plot.ts'
import { policies, withoutPolicies } from './policies.ts'

const { values, positionals } = parseCommand(
  {
    submissions: { type: 'string', default: '20000' },
    users: { type: 'string', default: '50' },
    'kill-every': { type: 'string', default: '5000' },
  },
  Number.POSITIVE_INFINITY,
)

/** What was seen, and how much of that must not be. */
interface Outcome {
  seen: object
  failed: number
}

type Suite = (deployment: Deployment) => Promise<Outcome>

const suites: Record<string, Suite> = {
  flow: (deployment) => flowed(deployment, 200),
  async policies(deployment) {
    try {
      const seen = await policies(deployment)
      // What all this must not stop. This machine is not among those who may read metrics.
      const through = await flowed(deployment, 0)
      const refused = seen.root.includes('violates PodSecurity "restricted')
      const held = seen.before === seen.tries && refused
      const wrong = seen.wrong.length + seen.missed.length + (held ? 0 : 1)
      return { seen: { ...seen, flow: through.seen }, failed: wrong + through.failed }
    } finally {
      await withoutPolicies()
    }
  },
  async func() {
    return { seen: await func(), failed: 0 }
  },
  async cold(deployment) {
    const seen = await cold(deployment, 3, console.log)
    return { seen, failed: seen.filter(({ status }) => status !== 204).length }
  },
  async ends(deployment) {
    const seen = await ends(deployment, 20)
    return { seen, failed: seen.deliveries - (seen.answers['204'] ?? 0) }
  },
  load: (deployment) => loaded('load', deployment, 0),
  kills: (deployment) => loaded('kills', deployment, Number(values['kill-every'])),
}

/** One submission through all of it; whether this machine gets metrics of a pod. */
async function flowed(deployment: Deployment, metrics: number): Promise<Outcome> {
  const seen = await flow(deployment)
  // The endpoint writes to Kafka itself.
  const { 'form-endpoint': _, ...bound } = seen.sinks
  const outside = [seen.taskFromOutside, ...seen.operatorsFromOutside]
  const right =
    seen.status === 202 &&
    seen.rows === 1 &&
    Object.keys(bound).length > 0 &&
    Object.values(bound).every(Boolean) &&
    outside.every((status) => status === 404) &&
    seen.metricsOfPod === metrics
  return { seen, failed: right ? 0 : 1 }
}

/** From no replica of a task to many and back; with its picture in docs/. */
async function loaded(name: string, deployment: Deployment, killEvery: number): Promise<Outcome> {
  const users = Number(values.users)
  const requests = Number(values.submissions) / users
  const { samples, ...seen } = await load(deployment, { users, requests, killEvery })
  const file = `bench/results/cluster-${name}.json`
  await writeFile(file, `${JSON.stringify({ ...seen, samples })}\n`)
  const title = `${seen.acknowledged} submissions acknowledged, ${seen.kills} functions killed`
  await writeFile(`docs/cluster-${name}.svg`, plot(title, samples))
  const { sent, acknowledged, kills, missing, duplicate, unfollowed, conflicting } = seen
  // A run without answers, or without the harm it is made for, shows nothing.
  const shows = killEvery > 0 ? kills > 0 && acknowledged > 0 : acknowledged === sent
  return { seen, failed: missing + duplicate + unfollowed + conflicting + (shows ? 0 : 1) }
}

const unknown = positionals.find((name) => !(name in suites))
if (unknown) throw new UsageError(`Expected ${Object.keys(suites).join(', ')}, found "${unknown}"`)
// Not any cluster: the namespace of the product is made anew.
if (
  spawnSync('kubectl', ['-n', 'rig-ingress', 'get', 'service', 'ingress-internal']).status !== 0
) {
  console.log(
    'Skipped: KUBECONFIG names no cluster made for this (docs/knative.md, On this machine)',
  )
  process.exit()
}

console.log('deploying…')
const deployment = await deploy()
try {
  for (const [name, suite] of Object.entries(suites)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { seen, failed } = await suite(deployment)
    console.log(name, seen, failed > 0 ? `failed: ${failed}` : 'ok')
    if (failed > 0) process.exitCode = 1
  }
} finally {
  await deployment.stop()
}
