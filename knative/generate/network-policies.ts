// Who may open a connection to a pod of the namespace: NetworkPolicies. What a pod opens itself is not bound (docs/knative.md, "Who may reach what").
import type { FunctionFacts } from './function-facts.ts'
import { metadataOf, networking, type Resource } from './resource.ts'

/** Their pods bring requests: Knative's activator, and the gateways of Kourier and Istio. An overlay adds others. */
const gateways = ['knative-serving', 'kourier-system', 'istio-system']

/** Of queue-proxy: HTTP/1, HTTP/2, TLS. Not 8080: whoever reaches the function itself gets past the limit of queue-proxy. */
const requests = [8012, 8013, 8112]
/** Of queue-proxy: what the autoscaler reads. */
const load = [9090]
/** Of the function, and of queue-proxy. */
const metrics = [9464, 9091]

/** What may run in the namespace beside the functions, and its port. Its pods have the label `app`; the Secret of that name says its address. */
const stores = { redis: 6379 }

const ofKnative = 'serving.knative.dev/service'

export const networkPolicies = (functions: FunctionFacts[]): Resource[] => [
  policy('deny', { podSelector: {}, ingress: [] }),
  policy('functions', {
    podSelector: { matchExpressions: [{ key: ofKnative, operator: 'Exists' }] },
    ingress: [
      { from: [namespaces(gateways)], ports: requests.map(tcp) },
      { from: [namespaces(['knative-serving'])], ports: load.map(tcp) },
      { from: [monitoring], ports: metrics.map(tcp) },
    ],
  }),
  ...Object.entries(stores).flatMap(([name, port]) => store(name, port, functions)),
]

/** Open to the functions that have its address. */
function store(name: string, port: number, functions: FunctionFacts[]): Resource[] {
  const users = functions
    .filter(({ env }) => env.some((variable) => 'secret' in variable && variable.secret === name))
    .map((facts) => facts.name)
  // An empty list of pods would be all of them.
  if (users.length === 0) return []
  const pods = { matchExpressions: [{ key: ofKnative, operator: 'In', values: users }] }
  return [
    policy(name, {
      podSelector: { matchLabels: { app: name } },
      ingress: [{ from: [{ podSelector: pods }], ports: [tcp(port)] }],
    }),
  ]
}

const policy = (name: string, spec: { podSelector: object; ingress: object[] }): Resource => ({
  apiVersion: networking,
  kind: 'NetworkPolicy',
  metadata: metadataOf(name),
  spec: { ...spec, policyTypes: ['Ingress'] },
})

const namespaces = (values: string[]): object => ({
  namespaceSelector: {
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
  },
})

const monitoring = { namespaceSelector: { matchLabels: { 'formstream/monitoring': 'true' } } }

const tcp = (port: number): object => ({ protocol: 'TCP', port })
