// The process that gets the hostile inputs. It runs the endpoint, the validation function, the sink with the control port, the dead-letter
// sink and a server that compiles form files, on a SQLite log. It sends its parent the ports, and on request its memory and record counts.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { silent } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { compileForm } from '#kit/forms/compile/compile-form.ts'
import { findFieldTypes } from '#kit/forms/find-field-types.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { createApp } from '#kit/http/create-app.ts'
import { openTask } from '#kit/open-task.ts'
import { buildServer as buildFunction } from '#kit/serve.ts'
import { buildServer as buildDeadLetter } from '../../functions/dead-letter/server.ts'
import { openSink } from '../../functions/dead-letter/sink.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import { addControl } from '../../local/knative/control/routes.ts'
import { buildPlatform } from '../../local/knative/platform.ts'
import { openReading } from '../../local/knative/read-topic.ts'
import { openSqlite } from '../log/sqlite.ts'
import { formFiles } from './form.ts'
import type { Target } from './kind.ts'

const folder = process.argv[2] as string
const formsDir = join(folder, 'forms')
await mkdir(formsDir)
for (const [file, text] of Object.entries(formFiles)) await writeFile(join(formsDir, file), text)

const log = await openSqlite(folder)
const platform = buildPlatform({ log, tasks: [], env: () => ({}), idle: 1000, logger: silent })
addControl(platform, log)
const sinkUrl = await platform.start()

const forms = await loadForms(formsDir, { knownTasks: {} })
const shortTimeouts = {
  headersTimeout: 500,
  requestTimeout: 1000,
  connectionsCheckingInterval: 100,
}
const secrets = ['s'.repeat(32)]
const endpoint = buildApp({ forms, log, secrets, logger: silent, timeouts: shortTimeouts })

const task = await openTask(await findTask('validation'), {
  FORMS_DIR: formsDir,
  K_SINK: `${sinkUrl}/topics/forms.validated`,
  LOG_LEVEL: 'silent',
})
const letters = openSink({
  url: `${sinkUrl}/topics/forms.dead-letter`,
  log: silent,
  count: () => {},
  timeLimit: 1000,
})

/** Compiles the form file that is posted to it: 204 for a valid one, 422 for an invalid one. */
async function buildCompiler(): Promise<FastifyInstance> {
  const types = await findFieldTypes()
  const app = createApp()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post('/', async ({ body }, reply) => {
    const file = { name: 'forms/a.yaml', text: String(body) }
    const compiled = compileForm(file, { types, knownTasks: {} })
    if (compiled.ok) JSON.stringify(compiled.form.jsonSchema)
    return reply.code(compiled.ok ? 204 : 422).send()
  })
  return app
}

const apps: Record<Target, FastifyInstance> = {
  endpoint,
  validation: buildFunction(task),
  sink: platform.sink,
  'dead-letter': buildDeadLetter(letters),
  forms: await buildCompiler(),
}
const ports: Record<string, number> = {}
for (const [target, app] of Object.entries(apps)) {
  const listening = target === 'sink' ? sinkUrl : app.listen({ host: '127.0.0.1', port: 0 })
  ports[target] = Number(new URL(await listening).port)
}

async function recordsIn(topic: string): Promise<number> {
  const { total, close } = await openReading(log, topic)
  await close()
  return total
}

const stored = async () => ({
  submitted: await recordsIn('forms.submitted'),
  deadLetters: await recordsIn('forms.dead-letter'),
})

async function memory(): Promise<object> {
  // Two collections with a pause between them, so that all garbage is gone.
  globalThis.gc?.()
  await delay(50)
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, used: heapUsed + external }
}

process.on('message', async (question) => {
  process.send?.(question === 'memory' ? await memory() : await stored())
})
process.on('disconnect', () => process.exit())
process.send?.({ ports })
