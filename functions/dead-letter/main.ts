// The dead-letter sink of every KafkaSource in a cluster: accepts the records that a task did not handle, and publishes them to
// forms.dead-letter. On one machine the local source writes the same dead letters itself.
import { readConfig } from '#kit/config.ts'
import { listen, operatorsApp, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { K_SINK } from '#kit/settings.ts'
import { startUp } from '#kit/start-up.ts'
import { addWaiting, countLetters } from './metrics.ts'
import { buildServer } from './server.ts'
import { openSink } from './sink.ts'

const name = { function: 'dead-letter' }

await startUp(name, async () => {
  const config = readConfig(ServiceConfig.extend({ K_SINK }), process.env)
  const log = await createLogger(config.LOG_LEVEL, name)
  const { registry, count } = countLetters()
  const sink = openSink({ url: config.K_SINK, log, count })
  addWaiting(registry, sink.waiting)
  const app = buildServer(sink)
  const operators = operatorsApp(config)
  serveMetrics(operators ?? app, async () => registry)
  await listen({ app, operators, config, log, close: async () => sink.close() })
})
