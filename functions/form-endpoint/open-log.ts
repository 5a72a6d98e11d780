// The log that the endpoint appends to in a cluster: Kafka itself, or a KafkaSink in front of it.
import * as z from 'zod'
import { submitted } from '#kafka/events.ts'
import { connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import type { Log } from '#kafka/log/port.ts'
import { readConfig } from '#kit/config.ts'

const Config = z.object({
  K_SINK: z.url({ protocol: /^http$/, error: 'expected the http URL of a KafkaSink' }).optional(),
})

export async function openLog(environment: Record<string, string | undefined>): Promise<Log> {
  const connection = connectionOf(readConfig(KafkaEnvironment, environment))
  // Loaded here, not above: the one that is not used need not be waited for.
  if (connection) {
    const { KafkaLog } = await import('#kafka/log/kafka/log.ts')
    const { toUnreachable } = await import('#kafka/log/kafka/connect-admin.ts')
    return KafkaLog.open({ connection, topics: [submitted] }).catch((error) => {
      throw toUnreachable(error, connection)
    })
  }
  const { K_SINK } = readConfig(Config, environment)
  if (!K_SINK) {
    throw new Error(
      'Expected KAFKA_BROKERS (host:port of the brokers) or K_SINK (the URL of a KafkaSink), found neither: ' +
        'a submission must be kept somewhere',
    )
  }
  const { SinkLog } = await import('#kafka/log/sink/log.ts')
  return SinkLog.open({ url: K_SINK, topic: submitted.name })
}
