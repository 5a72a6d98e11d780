// Entry of the process under test: serves the task whose file is the argument, as a bundle does.
import { pathToFileURL } from 'node:url'
import { serve } from '../serve.ts'

const { default: task } = await import(pathToFileURL(process.argv[2] as string).href)
await serve(task)
