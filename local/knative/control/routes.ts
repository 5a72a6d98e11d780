// The control API: what the commands ask of a running `npm start`. Served by the sink, so it needs the instance's token.
import type { Log } from '#kafka/log/port.ts'
import type { Platform } from '../platform.ts'
import type { FunctionPids, Lag, Problems } from './api.ts'
import { addDeliveryRoutes } from './delivery-routes.ts'
import { addTopicRoutes } from './topic-routes.ts'

export function addControl(platform: Platform, log: Log): void {
  addTopicRoutes(platform.sink, log)
  addDeliveryRoutes(platform, log)
  addStateRoutes(platform)
}

function addStateRoutes({ sink, sources, schedules, functions, problems }: Platform): void {
  sink.get<{ Reply: Lag }>('/lag', async () => {
    const lags = [...sources].map(async ([task, source]) => [task, await source.lag()] as const)
    return Object.fromEntries(await Promise.all(lags))
  })

  sink.get<{ Reply: Problems }>('/problems', async () => problems())

  sink.get<{ Reply: FunctionPids }>('/functions', async () => {
    const pids = [...functions].map(async ([name, { pid }]) => [name, await pid] as const)
    return Object.fromEntries(
      (await Promise.all(pids)).flatMap(([name, pid]) => (pid === undefined ? [] : [[name, pid]])),
    )
  })

  /** Passes a GET such as /metrics to a function. 404: the function is not running. */
  sink.get<{ Params: { task: string; '*': string } }>(
    '/functions/:task/*',
    async (request, reply) => {
      const { task, '*': path } = request.params
      const response = await functions.get(task)?.get(`/${path}`)
      return response ? reply.code(response.status).send(response.body) : reply.code(404).send()
    },
  )

  /** Runs the task's schedule now. 404: the task has none. */
  sink.post<{ Params: { task: string } }>('/ticks/:task', async (request, reply) => {
    const schedule = schedules.get(request.params.task)
    await schedule?.tick()
    return reply.code(schedule ? 204 : 404).send()
  })
}
