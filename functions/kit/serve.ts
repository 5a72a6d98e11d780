// Serves one task on the kit's own server, in a process of its own.
import { readConfig } from './config.ts'
import type { AnyTask } from './define-task.ts'
import { guard, InstanceConfig } from './http/same-machine.ts'
import { forOperators, listen, ServiceConfig } from './listen.ts'
import { serveMetrics } from './metrics/serve.ts'
import { openTask } from './open-task.ts'
import { buildServer } from './server.ts'
import { startUp } from './start-up.ts'

export const serve = (task: AnyTask): Promise<void> =>
  startUp({ task: task.name }, async () => {
    // What it keeps are people's answers.
    process.umask(0o077)
    const config = readConfig(ServiceConfig.extend(InstanceConfig.shape), process.env)
    // On one machine the parent reads the same forms, and says what is wrong with them.
    const open = await openTask(task, process.env, { quiet: process.send !== undefined })
    const app = buildServer(open)
    if (config.INSTANCE_TOKEN) guard(app, config.INSTANCE_TOKEN)
    const operators = forOperators(config)
    serveMetrics(operators ?? app, open.registry)
    await listen({ app, operators, config, log: open.log, close: open.close })
  })
