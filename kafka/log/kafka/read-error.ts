// Explains why a topic cannot be read, and what to change.

interface Reading {
  topic: string
  groupId: string
}

/** Keyed by Kafka's name of the error. */
const explanations: Record<string, (reading: Reading) => string> = {
  INCONSISTENT_GROUP_PROTOCOL: ({ groupId }) =>
    `the group ${groupId} has members of another program (a KafkaSource?): stop them, or set KAFKA_GROUP_PREFIX`,
  GROUP_AUTHORIZATION_FAILED: ({ groupId }) =>
    `the user lacks the permissions Read and Describe on the group ${groupId}`,
  TOPIC_AUTHORIZATION_FAILED: ({ topic }) =>
    `the user lacks the permission Read on the topic ${topic}`,
  KafkaJSSASLAuthenticationError: () => 'the password is wrong',
  UNKNOWN_TOPIC_OR_PARTITION: ({ topic }) =>
    `there is no topic ${topic}: npm run topics -- apply creates it`,
}

/** Such an error usually passes by itself: a broker that is starting, a leader that moves. */
export function isTransient(error: Error): boolean {
  const { retriable, cause } = error as Error & { retriable?: boolean }
  return cause instanceof Error ? isTransient(cause) : retriable === true
}

export function describeReadError(error: Error, reading: Reading): string {
  let deepest = error
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    deepest = cause
    const { name, type = name } = cause as Error & { type?: string }
    const explain = explanations[type]
    if (explain) return `Cannot read the topic ${reading.topic} from Kafka: ${explain(reading)}`
  }
  return `Cannot read the topic ${reading.topic} from Kafka: ${deepest.message}`
}
