// The task on the kit's own server.
import { serve } from '#kit/serve.ts'
import task from './task.ts'

await serve(task)
