// What a declared topic is on a cluster: its partitions, replicas and settings. The manifests say the same.
import type { Topic } from '../define-event.ts'

/** An event is bounded where it enters, well below this. */
const maxMessageBytes = 2 * 2 ** 20

export interface TopicPlan {
  name: string
  partitions: number
  replicas: number
  config: Record<string, string>
}

/** Three replicas of which two must have each event; on fewer brokers as many as there are. */
export function planTopic({ name, partitions, retention }: Topic, brokers: number): TopicPlan {
  const replicas = Math.min(3, brokers)
  return {
    name,
    partitions,
    replicas,
    config: {
      'min.insync.replicas': String(Math.max(1, replicas - 1)),
      'retention.ms': String(retention.days === null ? -1 : retention.days * 86_400_000),
      // Kafka counts for each partition, and what it removes is gone whoever has read it: age alone decides.
      'retention.bytes': '-1',
      'max.message.bytes': String(maxMessageBytes),
      'unclean.leader.election.enable': 'false',
      'cleanup.policy': 'delete',
      // As the producer sent it: a topic that packs anew what it gets costs the brokers, and readers need its codec.
      'compression.type': 'producer',
    },
  }
}
