// The dead-letter sink of every KafkaSource in a cluster: takes whatever a task has refused, and publishes it to forms.dead-letter.
// On one machine the local source writes the same letters itself.
import * as z from 'zod'
import { readConfig } from '#kit/config.ts'
import { forOperators, listen, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { startUp } from '#kit/start-up.ts'
import { addWaiting, countLetters } from './metrics.ts'
import { buildServer } from './server.ts'
import { openSink } from './sink.ts'

const Config = ServiceConfig.extend({
  /** A SinkBinding sets it a moment after a Service is there for the first time. */
  K_SINK: z.url({ protocol: /^http$/, error: 'expected the http URL of a KafkaSink' }).optional(),
})

const name = { function: 'dead-letter' }

await startUp(name, async () => {
  const config = readConfig(Config, process.env)
  const log = await createLogger(config.LOG_LEVEL, name)
  const { registry, count } = countLetters()
  const sink = openSink({ url: config.K_SINK, log, count })
  addWaiting(registry, sink.waiting)
  const app = buildServer(sink)
  const operators = forOperators(config)
  serveMetrics(operators ?? app, async () => registry)
  await listen({ app, operators, config, log, close: async () => sink.close() })
})
