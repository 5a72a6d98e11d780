// An endpoint that counts the places of a form: `node limited-endpoint.ts <folder>`. The folder has forms/ and gets the log.
import { join } from 'node:path'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import { ProtectSettings } from '../../functions/form-endpoint/protect/settings.ts'

const folder = process.argv[2] as string
const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
const forms = await loadForms(join(folder, 'forms'), { knownTasks: {} })
const protect = { settings: ProtectSettings.parse({}), dataDir: folder }
const app = buildApp({ forms, log, protect, logger: pino({ level: 'error' }) })
process.send?.({ endpoint: await app.listen({ host: '127.0.0.1', port: 0 }) })
process.on('disconnect', () => process.exit())
