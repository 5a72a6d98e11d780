// Entry of the form endpoint in a cluster, where the log and the tasks are other processes.
import { readConfig } from '#kit/config.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { type Forms, loadForms } from '#kit/forms/load-forms.ts'
import { changeLogger } from '#kit/forms/log-changes.ts'
import { listen, operatorsApp, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { startUp } from '#kit/start-up.ts'
import { buildApp } from './app.ts'
import { openLog } from './open-log.ts'
import { endpointSettings } from './settings.ts'

const Config = ServiceConfig.extend(endpointSettings)

const name = { function: 'form-endpoint' }

await startUp(name, async () => {
  const config = readConfig(Config, process.env)
  const logger = await createLogger(config.LOG_LEVEL, name)
  const forms: Forms = await loadForms(config.FORMS_DIR, {
    knownTasks: {},
    // The endpoint does not know the tasks. `npm run generate` has checked what the forms say about them.
    others: 'unchecked',
    checkedIn: config.FORMS_CHECKED_DIR,
    onError: (problem) => logger.error(problemText(problem)),
    onChange: (changed) => logChanges(changed),
  })
  const logChanges = changeLogger(forms, logger)
  const { log, spool } = await openLog(process.env, logger)
  const operators = operatorsApp(config)
  const { DOOR_SECRET: secret, FORM_SECRET: secrets = [], LIST_FORMS: listForms } = config
  const protect = { settings: config }
  const app = buildApp({
    ...{ forms, log, spool, secret, secrets, protect, listForms, logger, operators },
  })
  await listen({ app, operators, config, log: logger, close: () => log.close() })
})
