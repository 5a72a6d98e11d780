// The task on functions-framework. Its test server is used because its own start does not report that it listens.
import { http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import { openTask } from '#kit/open-task.ts'
import { forFunctionsFramework } from '#kit/runtimes/functions-framework.ts'
import task from './task.ts'

http(task.name, forFunctionsFramework(await openTask(task, process.env)))
const port = Number(process.env.PORT)
getTestServer(task.name).listen(port, '127.0.0.1', () => process.send?.({ listening: port }))
