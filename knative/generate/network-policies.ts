// NetworkPolicies: which pods may connect to the pods of the namespace. Outgoing connections are not restricted (docs/knative.md,
// "Who may reach what").
import type { FunctionFacts } from './function-facts.ts'
import { metadataOf, networking, type Resource } from './resource.ts'

/** Namespaces that forward requests: Knative's activator, and the gateways of Kourier and Istio. Overlays add others. */
const gatewayNamespaces = ['knative-serving', 'kourier-system', 'istio-system']

/** Ports of queue-proxy: HTTP/1, HTTP/2, TLS. Not 8080 of the function itself, which would bypass queue-proxy's concurrency limit. */
const requestPorts = [8012, 8013, 8112]
/** Port of queue-proxy for the autoscaler. */
const autoscalerPorts = [9090]
/** Prometheus metrics of the function and of queue-proxy. */
const metricsPorts = [9464, 9091]

/**
 * Stores that may run in the namespace, with their ports. A store's pods have its name as the label `app`, and the Secret with its
 * name holds its address.
 */
const stores = { redis: 6379 }

const serviceLabel = 'serving.knative.dev/service'

export const networkPolicies = (functions: FunctionFacts[]): Resource[] => [
  policy('deny', { podSelector: {}, ingress: [] }),
  policy('functions', {
    podSelector: { matchExpressions: [{ key: serviceLabel, operator: 'Exists' }] },
    ingress: [
      { from: [namespaces(gatewayNamespaces)], ports: requestPorts.map(tcp) },
      { from: [namespaces(['knative-serving'])], ports: autoscalerPorts.map(tcp) },
      { from: [monitoring], ports: metricsPorts.map(tcp) },
    ],
  }),
  ...Object.entries(stores).flatMap(([name, port]) => store(name, port, functions)),
]

/** Allows connections from the functions that get the store's address. */
function store(name: string, port: number, functions: FunctionFacts[]): Resource[] {
  const users = functions
    .filter(({ env }) => env.some((variable) => 'secret' in variable && variable.secret === name))
    .map((facts) => facts.name)
  // An empty list would select all pods.
  if (users.length === 0) return []
  const pods = { matchExpressions: [{ key: serviceLabel, operator: 'In', values: users }] }
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
