// Who gets a connection to what: anybody, until the policies are enforced; then only those that have to. And no pod runs as root.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { type Kube, kubectl } from './kube.ts'
import { readyPods } from './pods.ts'
import { type From, type To, type Try, tryAll } from './tries.ts'

interface Seen {
  tries: number
  /** Connections while nothing enforced a policy, and then. */
  before: number
  after: number
  /** Tries that got a connection and must not; that must and got none. */
  wrong: string[]
  missed: string[]
  /** What the API server says to a pod that runs as root. */
  root: string
}

const folder = join(import.meta.dirname, 'policies')

/** Of queue-proxy, of the function itself, of those who read figures. */
const ports = [8012, 8013, 8022, 8080, 9090, 9091, 9464]

/** Namespace and name of pods that are no functions. */
const others = [
  ['strangers', 'stranger'],
  [namespace, 'stranger'],
  [namespace, 'replay'],
  ['monitoring', 'monitor'],
] as const

/** These tries have to succeed, and no other. */
const allowed = [
  /^monitoring\/monitor to (slang|form-endpoint):(9091|9464)$/,
  /^formstream\/sheets to redis:6379$/,
  /^formstream\/(slang|sheets) to sink:8080$/,
  /^formstream\/replay to gateway:8081$/,
  // People come from everywhere.
  / to gateway:8080$/,
]
const right = ({ line }: Try): boolean => allowed.some((pattern) => pattern.test(line))

export async function policies({ kube }: Deployment): Promise<Seen> {
  for (const file of ['namespaces', 'pods'])
    await kubectl('apply', '-f', join(folder, `${file}.yaml`))
  await kubectl('wait', '--for=condition=Ready', '--timeout=90s', '-f', join(folder, 'pods.yaml'))
  const before = await everybody(kube)
  enforcer('start')
  await kubectl('apply', '-k', join(folder, 'neighbours'))
  const after = await everybody(kube)
  const lines = (tries: Try[]) => tries.map(({ line }) => line)
  return {
    tries: after.length,
    before: before.filter(({ got }) => got).length,
    after: after.filter(({ got }) => got).length,
    wrong: lines(after.filter((one) => one.got && !right(one))),
    missed: lines(after.filter((one) => !one.got && right(one))),
    root: await root(),
  }
}

/** Whoever comes next is not to be held to them. */
export async function withoutPolicies(): Promise<void> {
  enforcer('stop')
  await kubectl('delete', '--ignore-not-found', '-k', join(folder, 'neighbours'))
  for (const file of ['pods', 'namespaces'])
    await kubectl('delete', '--ignore-not-found', '-f', join(folder, `${file}.yaml`))
}

const enforcer = (what: string): Buffer =>
  execFileSync(join(folder, 'enforcer.sh'), [what], { stdio: ['ignore', 'pipe', 'inherit'] })

/** Each of those that try, to each target but itself. */
async function everybody(kube: Kube): Promise<Try[]> {
  const functions = await awake(kube)
  const gateway = await addressOf('rig-ingress', 'app=ingress')
  const from = [
    ...functions,
    ...others.map(([of, name]) => ({ namespace: of, name, pod: name, ip: '' })),
  ]
  const reached = functions.filter(({ name }) => name !== 'sheets')
  const targets: To[] = [
    ...reached.flatMap(({ name, ip }) => ports.map((port) => ({ name, ip, port }))),
    { name: 'redis', ip: await addressOf(namespace, 'app=redis'), port: 6379 },
    {
      name: 'sink',
      ip: await addressOf('knative-eventing', 'app=kafka-sink-receiver'),
      port: 8080,
    },
    ...[8080, 8081].map((port) => ({ name: 'gateway', ip: gateway, port })),
  ]
  const tries = from.map((one) =>
    tryAll(
      one,
      targets.filter(({ ip }) => ip !== one.ip),
    ),
  )
  return (await Promise.all(tries)).flat()
}

/** Functions that nobody needs have no pod, so each is given something to do. */
async function awake(kube: Kube): Promise<(From & { ip: string })[]> {
  const deliveries = await openDeliveries(kube)
  await Promise.all(['slang', 'sheets'].map(deliveries.deliver))
  await deliveries.close()
  const found = ['slang', 'sheets', 'form-endpoint'].map(async (name) => {
    const [pod] = await readyPods(kube, namespace, name)
    if (!pod?.status.podIP) throw new Error(`Expected a pod of ${name} that serves, found none`)
    return { namespace, name, pod: pod.metadata.name, ip: pod.status.podIP }
  })
  return Promise.all(found)
}

const addressOf = (of: string, label: string): Promise<string> =>
  kubectl('-n', of, 'get', 'pod', '-l', label, '-o', 'jsonpath={.items[0].status.podIP}')

/** The refusal: nothing is made, whatever the answer. */
async function root(): Promise<string> {
  const pod = ['run', 'root', '--image=dev.local/formstream/slang:dev', '--dry-run=server']
  return kubectl('-n', namespace, ...pod).catch(({ stderr }) => String(stderr))
}
