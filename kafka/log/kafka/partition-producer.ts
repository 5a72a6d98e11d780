// The port of a partition writer to a Kafka client. open-producer.ts implements it with kafkajs; the fault tests also use librdkafka.

export interface OutgoingRecord {
  key: string
  value: string
  headers: Record<string, string>
}

export interface PartitionProducer {
  /**
   * Writes one batch to its partition. Resolves when the batch is durable, after retries of its own. Rejects with `BatchRefusal`
   * if retrying cannot help. After any other error this producer is closed, and the batch is sent again by a new one.
   */
  send(records: OutgoingRecord[]): Promise<void>
  close(): Promise<void>
}

/** Kafka does not accept the batch. `tooLarge`: fewer records may succeed; otherwise somebody has to change a setting. */
export class BatchRefusal extends Error {
  override name = 'BatchRefusal'
  tooLarge: boolean
  /** An earlier attempt of the same call may have been written. */
  begun: boolean

  constructor(message: string, options: ErrorOptions & { tooLarge: boolean; begun: boolean }) {
    super(message, options)
    this.tooLarge = options.tooLarge
    this.begun = options.begun
  }
}
