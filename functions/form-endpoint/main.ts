// The endpoint alone, as it runs in a cluster: the log is elsewhere, and so are the tasks.
import { readConfig } from '#kit/config.ts'
import { problemText } from '#kit/forms/form-file.ts'
import { loadForms } from '#kit/forms/forms.ts'
import { listen, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { buildApp } from './app.ts'
import { openLog } from './open-log.ts'

const config = readConfig(ServiceConfig, process.env)
const logger = await createLogger(config.LOG_LEVEL, { function: 'form-endpoint' })
const forms = await loadForms(config.FORMS_DIR, {
  knownTasks: {},
  // Which tasks there are is not known here; npm run generate checked it.
  others: 'unchecked',
  checkedIn: config.FORMS_CHECKED_DIR,
  onError: (problem) => logger.error(problemText(problem)),
})
const log = await openLog(process.env)
const app = buildApp({ forms, log, logger })

await listen({ app, config, log: logger, close: () => log.close() })
