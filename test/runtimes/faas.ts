// The task on faas-js-runtime, started as func's templates start it.
import { createRequire } from 'node:module'
import { openTask } from '#kit/open-task.ts'
import { forFaas } from '#kit/runtimes/faas.ts'
import task from './task.ts'

const { start } = createRequire(import.meta.url)('faas-js-runtime') as {
  start: (task: object, options: { port: number; logLevel: string }) => Promise<unknown>
}
const port = Number(process.env.PORT)
await start(forFaas(await openTask(task, process.env)), { port, logLevel: 'silent' })
process.send?.({ listening: port })
