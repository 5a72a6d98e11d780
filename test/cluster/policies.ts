// Tests the NetworkPolicies: pods try to connect to each other before and after the policies are enforced. Also tests that the namespace
// refuses a pod that runs as root.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Attempt, attemptAll, type Client, type Target } from './connect-attempts.ts'
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { type Kube, kubectl } from './kube.ts'
import { readyPods } from './pods.ts'

interface PolicyReport {
  attempts: number
  /** Connections before the policies were enforced. */
  before: number
  /** Connections while the policies were enforced. */
  after: number
  /** Attempts that connected although the policies forbid it. */
  forbidden: string[]
  /** Attempts that did not connect although the policies allow it. */
  blocked: string[]
  /** The answer of the API server to a pod that runs as root. */
  root: string
}

const folder = join(import.meta.dirname, 'policies')
/** Namespace and names of the pods in policies/pods.yaml. */
const testPods = [
  ['strangers', 'stranger'],
  ['monitoring', 'monitor'],
  ['knative-eventing', 'kafka-sink-receiver'],
  [namespace, 'stranger', 'replay', 'redis'],
] as const

/** Ports of the queue-proxy, of the function itself, and of metrics. */
const ports = [8012, 8013, 8022, 8080, 9090, 9091, 9464]

/** Namespace and name of the pods, besides functions, that try to connect. */
const otherClients = [
  ['strangers', 'stranger'],
  [namespace, 'stranger'],
  [namespace, 'replay'],
  ['monitoring', 'monitor'],
] as const

/** Exactly these attempts must connect while the policies are enforced. */
const allowed = [
  /^monitoring\/monitor to (slang|form-endpoint):(9091|9464)$/,
  /^formstream\/sheets to redis:6379$/,
  /^formstream\/(slang|sheets) to sink:8080$/,
  /^formstream\/replay to gateway:8081$/,
  // The public port of the gateway.
  / to gateway:8080$/,
]
const isAllowed = ({ description }: Attempt): boolean =>
  allowed.some((pattern) => pattern.test(description))

export async function testPolicies({ kube }: Deployment): Promise<PolicyReport> {
  // The build comes first: it takes so long that running functions would scale to zero meanwhile.
  enforcer('build')
  await kubectl('apply', '-f', join(folder, 'pods.yaml'))
  // Waits for pods by name, because pods of replaced revisions never become ready.
  for (const [podNamespace, ...names] of testPods) {
    const pods = names.map((name) => `pod/${name}`)
    await kubectl('-n', podNamespace, 'wait', '--for=condition=Ready', '--timeout=90s', ...pods)
  }
  const before = await connectAll(kube)
  enforcer('start')
  await kubectl('apply', '-k', join(folder, 'other-namespaces'))
  const after = await connectAll(kube)
  const describe = (attempts: Attempt[]) => attempts.map(({ description }) => description)
  return {
    attempts: after.length,
    before: before.filter(({ connected }) => connected).length,
    after: after.filter(({ connected }) => connected).length,
    forbidden: describe(after.filter((one) => one.connected && !isAllowed(one))),
    blocked: describe(after.filter((one) => !one.connected && isAllowed(one))),
    root: await createRootPod(),
  }
}

/** Stops the enforcement, so that the next tests run without policies. */
export async function removePolicies(): Promise<void> {
  enforcer('stop')
  await kubectl('delete', '--ignore-not-found', '-k', join(folder, 'other-namespaces'))
  await kubectl('delete', '--ignore-not-found', '-f', join(folder, 'pods.yaml'))
}

const enforcer = (command: string): Buffer =>
  execFileSync(join(folder, 'enforcer.sh'), [command], { stdio: ['ignore', 'pipe', 'inherit'] })

/** Every client tries to connect to every target except itself. */
async function connectAll(kube: Kube): Promise<Attempt[]> {
  const functions = await runningFunctions(kube)
  const gateway = await addressOf('rig-ingress', 'app=ingress')
  const clients = [
    ...functions,
    ...otherClients.map(([podNamespace, name]) => ({
      namespace: podNamespace,
      name,
      pod: name,
      ip: '',
    })),
  ]
  const targetFunctions = functions.filter(({ name }) => name !== 'sheets')
  const targets: Target[] = [
    ...targetFunctions.flatMap(({ name, ip }) => ports.map((port) => ({ name, ip, port }))),
    { name: 'redis', ip: await addressOf(namespace, 'app=redis'), port: 6379 },
    {
      name: 'sink',
      ip: await addressOf('knative-eventing', 'app=kafka-sink-receiver'),
      port: 8080,
    },
    ...[8080, 8081].map((port) => ({ name: 'gateway', ip: gateway, port })),
  ]
  const attempts = clients.map((client) =>
    attemptAll(
      client,
      targets.filter(({ ip }) => ip !== client.ip),
    ),
  )
  return (await Promise.all(attempts)).flat()
}

/** Pods of three functions. The two tasks get an event first, because an idle task has no pod. */
async function runningFunctions(kube: Kube): Promise<(Client & { ip: string })[]> {
  const deliveries = await openDeliveries(kube)
  await Promise.all(['slang', 'sheets'].map(deliveries.deliver))
  await deliveries.close()
  const found = ['slang', 'sheets', 'form-endpoint'].map(async (name) => {
    const [pod] = await readyPods(kube, namespace, name)
    if (!pod?.status.podIP) throw new Error(`Expected a ready pod of ${name}, found none`)
    return { namespace, name, pod: pod.metadata.name, ip: pod.status.podIP }
  })
  return Promise.all(found)
}

const addressOf = (inNamespace: string, label: string): Promise<string> =>
  kubectl('-n', inNamespace, 'get', 'pod', '-l', label, '-o', 'jsonpath={.items[0].status.podIP}')

/** Tries to create a pod that runs as root. Resolves with the refusal. It is a dry run: no pod is created in any case. */
async function createRootPod(): Promise<string> {
  const pod = ['run', 'root', '--image=dev.local/formstream/slang:dev', '--dry-run=server']
  return kubectl('-n', namespace, ...pod).catch(({ stderr }) => String(stderr))
}
