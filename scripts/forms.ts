// Checks the form files, and lists every problem with file and line.
//
//   npm run forms -- check [<folder>]   without a folder: FORMS_DIR
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const { positionals } = parseCommand({}, 2)
const [command = '', folder = readConfig(Environment, process.env).FORMS_DIR] = positionals
if (command !== 'check') throw new UsageError(`Expected check [<folder>], found "${command}"`)

const forms = await loadForms(folder, { knownTasks: knownTasks(await findTasks()) })
forms.close()
const problems = forms.problems().map(problemText)
if (problems.length > 0) throw new Error(problems.join('\n'))
console.log(`${forms.all().length} forms in ${folder}, no problems`)
