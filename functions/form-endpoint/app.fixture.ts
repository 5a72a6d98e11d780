// Test fixture: the endpoint with two forms and a log in memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { type Logger, pino } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import type { Log } from '#kafka/log/port.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { type AppOptions, buildApp } from './app.ts'
import { ProtectSettings } from './protect/settings.ts'

const files = {
  'demo.yaml':
    'title: Demo\nfields:\n  item1: { type: text, max: 20 }\n  age: { type: integer, required: false, max: 150 }\n',
  'student-data.yaml':
    'title: Student data\npath: /student-data-form/\nfields:\n  name: { type: text }\n',
}

export interface TestApp {
  app: FastifyInstance
  /** Topic and event of each append, in order. */
  appended: [topic: string, event: FormEvent][]
  post: (
    url: string,
    body: unknown,
    headers?: Record<string, string>,
  ) => Promise<LightMyRequestResponse>
}

/** The answers of the first submission in the log. */
export function answersOf(appended: TestApp['appended']): unknown {
  return (appended[0]?.[1].data as { answers?: unknown } | undefined)?.answers
}

interface TestAppOptions {
  /** Form files by name, in place of the default ones. */
  files?: Record<string, string>
  append?: () => Promise<void>
  ready?: () => boolean
  logger?: Logger
  problems?: () => Record<string, string>
  spool?: AppOptions['spool']
  timeouts?: AppOptions['timeouts']
  listForms?: boolean
  secrets?: AppOptions['secrets']
  status?: AppOptions['status']
  /** Settings of the protection, as the environment has them. */
  protect?: Record<string, string>
  /** Folder for the places of forms with a limit. */
  dataDir?: string
}

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

/** Closes the application after the test. */
export async function makeApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-endpoint-'))
  for (const [file, text] of Object.entries(options.files ?? files))
    await writeFile(join(folder, file), text)
  const forms = await loadForms(folder, { knownTasks: {}, others: 'unchecked' })
  const {
    append = async () => {},
    ready = () => true,
    logger = pino({ level: 'silent' }),
  } = options
  const appended: TestApp['appended'] = []
  const log: Log = {
    append(topic, event) {
      appended.push([topic, readRecord(event)])
      return append()
    },
    consume: () => Promise.reject(new Error('Expected no consumer')),
    ready,
    close: async () => {},
  }
  const { problems = () => ({}), spool, timeouts = {}, listForms, secrets = [], status } = options
  const protect = {
    settings: ProtectSettings.parse(options.protect ?? {}),
    dataDir: options.dataDir,
  }
  const app = buildApp({
    ...{ forms, log, spool, logger, problems, timeouts, secrets, protect, status },
    listForms: listForms ?? false,
  })
  opened.push(async () => {
    await app.close()
    forms.close()
    await rm(folder, { recursive: true })
  })
  return {
    app,
    appended,
    post: (url, body, headers = {}) =>
      app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
