// The settings of KafkaSink's producer in knative/kafka-sink: complete, consistent, and part of the production overlay.
import { expect, test } from '@jest/globals'
import {
  kubectlTitle,
  problemsOf,
  renderOverlay,
  resourcesOf,
  schemaTitle,
  testWithKubectl,
  testWithSchemas,
} from './manifest-schemas.ts'
import { propertiesOf } from './properties.ts'

const name = 'config-kafka-sink-data-plane'
const [configMap] = resourcesOf('knative/kafka-sink/producer.yaml')
const data = configMap?.data ?? {}
const settings = propertiesOf(data['config-kafka-sink-producer.properties'] ?? '')

/** What Knative 1.21 ships, except `partitioner.class`, which Kafka 4 refuses. */
const shipped = {
  'key.serializer': 'org.apache.kafka.common.serialization.StringSerializer',
  'value.serializer': 'io.cloudevents.kafka.CloudEventSerializer',
  acks: 'all',
  'buffer.memory': '33554432',
  retries: '2147483647',
  'batch.size': '16384',
  'client.dns.lookup': 'use_all_dns_ips',
  'connections.max.idle.ms': '600000',
  'delivery.timeout.ms': '120000',
  'linger.ms': '0',
  'max.block.ms': '60000',
  'max.request.size': '1048576',
  'receive.buffer.bytes': '-1',
  'request.timeout.ms': '2000',
  'enable.idempotence': 'false',
  'max.in.flight.requests.per.connection': '5',
  'metadata.max.age.ms': '300000',
  'metrics.num.samples': '2',
  'metrics.recording.level': 'INFO',
  'metrics.sample.window.ms': '30000',
  'reconnect.backoff.max.ms': '1000',
  'reconnect.backoff.ms': '50',
  'retry.backoff.ms': '100',
}

test('it has every key that the receiver reads, since an apply removes keys that it lacks', () => {
  expect(configMap?.metadata).toEqual({ name, namespace: 'knative-eventing' })
  expect(Object.keys(data)).toEqual([
    'config-kafka-sink-producer.properties',
    'config-kafka-sink-httpserver.properties',
  ])
  expect(propertiesOf(data['config-kafka-sink-httpserver.properties'] ?? '')).toEqual({
    idleTimeout: '0',
  })
})

test('it repeats every setting that Knative ships, and changes six', () => {
  expect(settings).toEqual({
    ...shipped,
    'linger.ms': '15',
    'compression.type': 'gzip',
    'enable.idempotence': 'true',
    'request.timeout.ms': '3500',
    'delivery.timeout.ms': '7500',
    'max.block.ms': '2000',
  })
})

test('the producer accepts the values together', () => {
  const value = (key: string) => Number(settings[key])
  // Kafka refuses an idempotent producer otherwise.
  expect(settings.acks).toBe('all')
  expect(value('max.in.flight.requests.per.connection')).toBeLessThanOrEqual(5)
  // Kafka refuses less; two tries fit in.
  const twoTries = value('linger.ms') + 2 * value('request.timeout.ms')
  expect(value('delivery.timeout.ms')).toBeGreaterThan(twoTries)
  // A function waits 10 seconds for the sink (functions/kit/publish.ts).
  expect(value('max.block.ms') + value('delivery.timeout.ms')).toBeLessThan(10_000)
})

testWithSchemas(schemaTitle('it fits the schema of a ConfigMap'), () => {
  expect(resourcesOf('knative/kafka-sink/producer.yaml').flatMap(problemsOf)).toEqual([])
})

testWithKubectl(
  kubectlTitle('production has it unchanged, and nothing else in a namespace of Knative'),
  () => {
    const foreign = renderOverlay('knative/overlays/production').filter(
      ({ metadata }) => metadata.namespace?.startsWith('knative-') ?? false,
    )
    expect(foreign).toEqual([configMap])
    expect(renderOverlay('knative/kafka-sink')).toEqual([configMap])
  },
)
