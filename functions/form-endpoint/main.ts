// The endpoint alone, as it runs in a cluster: the log is elsewhere, and so are the tasks.
import { readConfig } from '#kit/config.ts'
import { DoorConfig } from '#kit/door-signature.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { forOperators, listen, ServiceConfig } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { startUp } from '#kit/start-up.ts'
import { buildApp } from './app.ts'
import { openLog } from './open-log.ts'
import { signedLog } from './signed-log.ts'

const name = { function: 'form-endpoint' }

await startUp(name, async () => {
  const config = readConfig(ServiceConfig.extend(DoorConfig.shape), process.env)
  const logger = await createLogger(config.LOG_LEVEL, name)
  const forms = await loadForms(config.FORMS_DIR, {
    knownTasks: {},
    // Which tasks there are is not known here; npm run generate checked it.
    others: 'unchecked',
    checkedIn: config.FORMS_CHECKED_DIR,
    onError: (problem) => logger.error(problemText(problem)),
  })
  const log = signedLog(await openLog(process.env), config.DOOR_SECRET)
  const operators = forOperators(config)
  const app = buildApp({ forms, log, logger, operators })
  await listen({ app, operators, config, log: logger, close: () => log.close() })
})
