// Serves one task on the kit's own server, in a process of its own.
import { readConfig } from './config.ts'
import type { AnyTask } from './define-task.ts'
import { listen, ServiceConfig } from './listen.ts'
import { serveMetrics } from './metrics/serve.ts'
import { openTask } from './open-task.ts'
import { buildServer } from './server.ts'

export async function serve(task: AnyTask): Promise<void> {
  const config = readConfig(ServiceConfig, process.env)
  // On one machine the parent reads the same forms, and says what is wrong with them.
  const open = await openTask(task, process.env, { quiet: process.send !== undefined })
  const app = buildServer(open)
  serveMetrics(app, open.registry)
  await listen({ app, config, log: open.log, close: open.close })
}
