// The log that the endpoint appends to in a cluster: Kafka, or a KafkaSink in front of it; with a spool before it if one is wanted.
import type { Logger } from 'pino'
import * as z from 'zod'
import { submitted } from '#kafka/events.ts'
import { connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import type { Log } from '#kafka/log/port.ts'
import { readConfig } from '#kit/config.ts'
import { K_SINK } from '#kit/settings.ts'
import { type EndpointLog, openWithSpool } from './spool/open-with-spool.ts'

type Variables = Record<string, string | undefined>

export const openLog = (environment: Variables, logger: Logger): Promise<EndpointLog> =>
  openWithSpool({ environment, open: () => openTarget(environment), logger })

async function openTarget(environment: Variables): Promise<Log> {
  const connection = connectionOf(readConfig(KafkaEnvironment, environment))
  // Adapters are imported where they are used, so that a start loads only one of them.
  if (connection) {
    const { KafkaLog } = await import('#kafka/log/kafka/log.ts')
    const { toUnreachable } = await import('#kafka/log/kafka/connect-admin.ts')
    return KafkaLog.open({ connection, topics: [submitted] }).catch((error) => {
      throw toUnreachable(error, connection)
    })
  }
  const { K_SINK: url } = readConfig(z.object({ K_SINK }), environment)
  if (!url) {
    throw new Error(
      'Expected KAFKA_BROKERS (host:port of the brokers) or K_SINK (the URL of a KafkaSink), found neither: ' +
        'the endpoint needs one to store submissions',
    )
  }
  const { SinkLog } = await import('#kafka/log/sink/log.ts')
  return SinkLog.open({ url, topic: submitted.name })
}
