// Replaces Knative's Kafka controllers: runs a source for each KafkaSource and an HTTP address for each KafkaSink of the cluster.
import { pino } from 'pino'
import { Pool } from 'undici'
import type { Log } from '#kafka/log/port.ts'
import type { PostEvent } from '../../local/knative/running-function.ts'
import { buildSink } from '../../local/knative/sink.ts'
import { type Source, startSource } from '../../local/knative/source/source.ts'
import type { Kube } from './kube.ts'

interface KafkaSink {
  metadata: { name: string }
  spec: { topic: string }
}

interface KafkaSource {
  metadata: { name: string; namespace: string }
  spec: {
    topics: [string]
    consumerGroup: string
    delivery: { retry: number; backoffDelay: string; timeout: string }
    sink: { ref: { name: string } }
  }
}

export interface StandIns {
  close: () => Promise<void>
}

interface StandInOptions {
  kube: Kube
  log: Log
  namespace: string
  /** The address at which pods reach this machine. */
  host: string
}

export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const closeSinks = await startSinks(options)
  const sources = await startSources(options)
  return {
    async close() {
      await Promise.all(sources.map(({ source }) => source.close()))
      await Promise.all(sources.map(({ pool }) => pool.destroy()))
      await closeSinks()
    },
  }
}

/** Gives each KafkaSink an HTTP address in its status, which SinkBindings wait for. Resolves with a function that closes the server. */
async function startSinks({
  kube,
  log,
  namespace,
  host,
}: StandInOptions): Promise<() => Promise<void>> {
  const path = `/apis/eventing.knative.dev/v1alpha1/namespaces/${namespace}/kafkasinks`
  const { items } = await kube.get<{ items: KafkaSink[] }>(path)
  const sink = buildSink(log, new Set(items.map(({ spec }) => spec.topic)))
  const url = await sink.listen({ host, port: 0 })
  for (const { metadata, spec } of items) {
    await kube.patchStatus(`${path}/${metadata.name}`, {
      address: { url: `${url}/topics/${spec.topic}` },
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Addressable', status: 'True' },
      ],
    })
  }
  return () => sink.close()
}

interface StartedSource {
  source: Source
  pool: Pool
}

async function startSources({ kube, log, namespace }: StandInOptions): Promise<StartedSource[]> {
  const path = `/apis/sources.knative.dev/v1/namespaces/${namespace}/kafkasources`
  const { items } = await kube.get<{ items: KafkaSource[] }>(path)
  const origin = await internalOrigin(kube)
  return Promise.all(items.map((item) => startOne(item, origin, log)))
}

async function startOne(
  { metadata, spec }: KafkaSource,
  origin: string,
  log: Log,
): Promise<StartedSource> {
  const { delivery } = spec
  const rules = {
    retries: delivery.retry,
    delay: milliseconds(delivery.backoffDelay),
    timeout: milliseconds(delivery.timeout),
    // As for one consumer, whatever the KafkaSource asks for.
    inFlight: 100,
    open: 100,
  }
  const pool = new Pool(origin, { connections: rules.inFlight, headersTimeout: rules.timeout })
  const host = `${spec.sink.ref.name}.${metadata.namespace}.svc.cluster.local`
  const source = await startSource({
    task: spec.consumerGroup,
    topics: spec.topics,
    log,
    post: postTo(pool, host),
    rules,
    logger: pino({ level: process.env.SHOW ? 'info' : 'silent' }),
  })
  return { source, pool }
}

/** Delivers to a Service by its name inside the cluster. */
export function postTo(pool: Pool, host: string): PostEvent {
  return async (headers, body) => {
    const request = { method: 'POST' as const, path: '/', headers: { ...headers, host }, body }
    const answer = await pool.request(request)
    return { status: answer.statusCode, body: await answer.body.text() }
  }
}

/** The address at which the cluster's ingress accepts requests to cluster-local Services. */
export async function internalOrigin(kube: Kube): Promise<string> {
  const path = '/api/v1/namespaces/rig-ingress/services/ingress-internal'
  const { spec } = await kube.get<{ spec: { clusterIP: string } }>(path)
  return `http://${spec.clusterIP}`
}

function milliseconds(duration: string): number {
  const seconds = /^PT([\d.]+)S$/.exec(duration)?.[1]
  if (!seconds) throw new Error(`Expected a duration in seconds such as PT1S, found "${duration}"`)
  return Number(seconds) * 1000
}
