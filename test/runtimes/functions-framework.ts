// The task on functions-framework, which has no start of its own that would say where it listens.
import { http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import { openTask } from '#kit/open-task.ts'
import { forFunctionsFramework } from '#kit/runtimes/functions-framework.ts'
import task from './task.ts'

http(task.name, forFunctionsFramework(await openTask(task, process.env)))
const port = Number(process.env.PORT)
getTestServer(task.name).listen(port, '127.0.0.1', () => process.send?.({ listening: port }))
