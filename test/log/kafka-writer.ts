// The crash writer on Kafka: `node kafka-writer.ts <brokers>`.
import { write } from './crash-writer.ts'
import { openKafka } from './kafka-cluster.ts'

await write(await openKafka(process.argv[2] as string))
