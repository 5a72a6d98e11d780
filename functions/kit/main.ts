// The process of one function on this machine: `node functions/kit/main.ts <task>`.
import { findTask } from './find-tasks.ts'
import { serve } from './serve.ts'

await serve(await findTask(process.argv[2] ?? ''))
