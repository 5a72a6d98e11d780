// The inner modules of kafkajs that batch-producer.ts and record-batch.ts use. kafkajs is pinned to one version, and there is no newer one.

declare module 'kafkajs/src/broker/index.js' {
  export interface ProduceRequest {
    acks: number
    timeout: number
    producerId: { toString(): string }
    producerEpoch: number
    topicData: {
      topic: string
      partitions: { partition: number; firstSequence: number; messages: unknown[] }[]
    }[]
  }
  export default class Broker {
    constructor(options: object)
    connectionPool: { send(request: object): Promise<unknown> }
    produce(request: ProduceRequest): Promise<unknown>
    disconnect(): Promise<void>
  }
}

declare module 'kafkajs/src/cluster/index.js' {
  import type Broker from 'kafkajs/src/broker/index.js'
  export default class Cluster {
    constructor(options: object)
    brokerPool: { createBroker(options: object): Broker }
  }
}

declare module 'kafkajs/src/producer/index.js' {
  import type { Producer, ProducerConfig } from 'kafkajs'
  import type Cluster from 'kafkajs/src/cluster/index.js'

  const createProducer: (options: ProducerConfig & { cluster: Cluster; logger: object }) => Producer
  export default createProducer
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { level: number; logCreator: () => () => void }): object }
  export default loggers
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeString(value: string | null): this
    writeInt16(value: number): this
    writeInt32(value: number): this
    writeBytes(value: Buffer): this
    writeArray(values: Encoder[]): this
  }
}

declare module 'kafkajs/src/protocol/requests/produce/v3/response.js' {
  const response: object
  export default response
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/crc32C.js' {
  const crc32c: (bytes: Buffer) => number
  export default crc32c
}
