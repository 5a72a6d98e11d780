// The dead-letter sink of every KafkaSource in a cluster: takes whatever a task has refused, and publishes it to forms.dead-letter.
// On one machine the local source writes the same letters itself.
import * as z from 'zod'
import { readConfig } from '#kit/config.ts'
import { listen, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { countLetters } from './metrics.ts'
import { buildServer } from './server.ts'
import { openSink } from './sink.ts'

const Config = ServiceConfig.extend({
  /** A SinkBinding sets it a moment after a Service is there for the first time. */
  K_SINK: z.url({ protocol: /^http$/, error: 'expected the http URL of a KafkaSink' }).optional(),
})

const config = readConfig(Config, process.env)
const log = await createLogger(config.LOG_LEVEL, { function: 'dead-letter' })
const { registry, count } = countLetters()
const sink = openSink({ url: config.K_SINK, log, count })
const app = buildServer(sink)
serveMetrics(app, async () => registry)

await listen({ app, config, log, close: async () => sink.close() })
