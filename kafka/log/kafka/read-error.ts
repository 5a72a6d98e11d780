// Why nothing is read from a topic, in words that say what to change.

interface Reading {
  topic: string
  groupId: string
}

/** By Kafka's name of the error. */
const known: Record<string, (reading: Reading) => string> = {
  INCONSISTENT_GROUP_PROTOCOL: ({ groupId }) =>
    `the group ${groupId} has members of another program (a KafkaSource?): stop them, or set KAFKA_GROUP_PREFIX`,
  GROUP_AUTHORIZATION_FAILED: ({ groupId }) =>
    `the user needs the rights Read and Describe on the group ${groupId}`,
  TOPIC_AUTHORIZATION_FAILED: ({ topic }) => `the user needs the right Read on the topic ${topic}`,
  KafkaJSSASLAuthenticationError: () => 'the user needs the right password',
  UNKNOWN_TOPIC_OR_PARTITION: ({ topic }) =>
    `there is no topic ${topic}: npm run topics -- apply makes it`,
}

/** Such an error passes by itself, as a rule: a broker that is starting, a leader that moves. */
export function isPassing(error: Error): boolean {
  const { retriable, cause } = error as Error & { retriable?: boolean }
  return cause instanceof Error ? isPassing(cause) : retriable === true
}

export function reasonOf(error: Error, reading: Reading): string {
  let deepest = error
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    deepest = cause
    const { name, type = name } = cause as Error & { type?: string }
    const reason = known[type]
    if (reason) return `Kafka does not hand out ${reading.topic}: ${reason(reading)}`
  }
  return `Kafka does not hand out ${reading.topic}: ${deepest.message}`
}
