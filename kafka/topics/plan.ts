// The partitions, replicas and settings of a declared topic on a cluster, for `npm run topics` and the manifests.
import type { Topic } from '../define-event.ts'

/** Above the limits of the form endpoint and of the functions, so no event fails here. */
const maxMessageBytes = 2 * 2 ** 20

export interface TopicPlan {
  name: string
  partitions: number
  replicas: number
  config: Record<string, string>
}

/** Three replicas, two of which must have stored each event; fewer if there are fewer brokers. */
export function planTopic({ name, partitions, retention }: Topic, brokers: number): TopicPlan {
  const replicas = Math.min(3, brokers)
  return {
    name,
    partitions,
    replicas,
    config: {
      'min.insync.replicas': String(Math.max(1, replicas - 1)),
      'retention.ms': String(retention.days === null ? -1 : retention.days * 86_400_000),
      // No limit: Kafka would delete events above it even if no group has read them.
      'retention.bytes': '-1',
      'max.message.bytes': String(maxMessageBytes),
      'unclean.leader.election.enable': 'false',
      'cleanup.policy': 'delete',
      // Keeps the producer's compression: recompressing costs the brokers CPU.
      'compression.type': 'producer',
    },
  }
}
