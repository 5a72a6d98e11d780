// Entry of a function process on this machine: `node local/knative/serve-task.ts <task>`.
import { findTask } from '#kit/find-tasks.ts'
import { serve } from '#kit/serve.ts'

await serve(await findTask(process.argv[2] ?? ''))
