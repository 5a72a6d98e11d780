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
import { cold } from './cold-start.ts'
import { type Deployment, deploy } from './deployment.ts'
import { flow } from './flow.ts'
import { load } from './load.ts'
import { plot } from './plot.ts'
import { shutDownPods } from './pod-shutdowns.ts'
import { removePolicies, testPolicies } from './policies.ts'
import { switchDeployers } from './switch-deployers.ts'

const { values, positionals } = parseCommand(
  {
    submissions: { type: 'string', default: '20000' },
    users: { type: 'string', default: '50' },
    'kill-every': { type: 'string', default: '5000' },
  },
  Number.POSITIVE_INFINITY,
)

interface Outcome {
  /** Printed. */
  result: object
  /** Number of failed checks. */
  failures: number
}

type Suite = (deployment: Deployment) => Promise<Outcome>

const suites: Record<string, Suite> = {
  flow: (deployment) => checkFlow(deployment, 200),
  async policies(deployment) {
    try {
      const result = await testPolicies(deployment)
      // Submissions must still be processed. This machine must not be able to read metrics of a pod.
      const submission = await checkFlow(deployment, 0)
      const rootRefused = result.root.includes('violates PodSecurity "restricted')
      const asExpected = result.before === result.attempts && rootRefused
      const failures = result.forbidden.length + result.blocked.length + (asExpected ? 0 : 1)
      return {
        result: { ...result, flow: submission.result },
        failures: failures + submission.failures,
      }
    } finally {
      await removePolicies()
    }
  },
  async func() {
    return { result: await switchDeployers(), failures: 0 }
  },
  async cold(deployment) {
    const result = await cold(deployment, 3, console.log)
    return { result, failures: result.filter(({ status }) => status !== 204).length }
  },
  async ends(deployment) {
    const result = await shutDownPods(deployment, 20)
    return { result, failures: result.deliveries - (result.answers['204'] ?? 0) }
  },
  load: (deployment) => checkLoad('load', deployment, 0),
  kills: (deployment) => checkLoad('kills', deployment, Number(values['kill-every'])),
}

/** Sends one submission. `metricsStatus` is the expected status of a request from this machine for metrics of a pod. */
async function checkFlow(deployment: Deployment, metricsStatus: number): Promise<Outcome> {
  const result = await flow(deployment)
  // The endpoint has no sink: it writes to Kafka itself.
  const { 'form-endpoint': _, ...sinks } = result.sinks
  const fromOutside = [result.taskFromOutside, ...result.operatorsFromOutside]
  const asExpected =
    result.status === 202 &&
    result.rows === 1 &&
    Object.keys(sinks).length > 0 &&
    Object.values(sinks).every(Boolean) &&
    fromOutside.every((status) => status === 404) &&
    result.metricsOfPod === metricsStatus
  return { result, failures: asExpected ? 0 : 1 }
}

/** Scales the tasks from zero up and back to zero under load. Writes the figures to bench/results/ and a chart to docs/. */
async function checkLoad(
  name: string,
  deployment: Deployment,
  killEvery: number,
): Promise<Outcome> {
  const users = Number(values.users)
  const requests = Number(values.submissions) / users
  const { samples, ...result } = await load(deployment, { users, requests, killEvery })
  const file = `bench/results/cluster-${name}.json`
  await writeFile(file, `${JSON.stringify({ ...result, samples })}\n`)
  const title = `${result.acknowledged} submissions acknowledged, ${result.kills} functions killed`
  await writeFile(`docs/cluster-${name}.svg`, plot(title, samples))
  const { sent, acknowledged, kills, missing, duplicate, unfollowed, conflicting } = result
  // A run proves nothing if no submission was acknowledged or no function was killed.
  const conclusive = killEvery > 0 ? kills > 0 && acknowledged > 0 : acknowledged === sent
  const failures = missing + duplicate + unfollowed + conflicting + (conclusive ? 0 : 1)
  return { result, failures }
}

const unknown = positionals.find((name) => !(name in suites))
if (unknown) throw new UsageError(`Expected ${Object.keys(suites).join(', ')}, found "${unknown}"`)
// Only a cluster made for these tests, because they delete and recreate the product's namespace.
if (
  spawnSync('kubectl', ['-n', 'rig-ingress', 'get', 'service', 'ingress-internal']).status !== 0
) {
  console.log(
    'Skipped: KUBECONFIG names no cluster made for these tests (docs/knative.md, On this machine)',
  )
  process.exit()
}

console.log('deploying…')
const deployment = await deploy()
try {
  for (const [name, suite] of Object.entries(suites)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { result, failures } = await suite(deployment)
    console.log(name, result, failures > 0 ? `failed: ${failures}` : 'ok')
    if (failures > 0) process.exitCode = 1
  }
} finally {
  await deployment.stop()
}
