// `npm run forms -- check [<folder>]`: says all that is wrong in the files of the forms, and fails where anything is.
import './exit-on-error.ts'
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/files/form-file.ts'
import { loadForms } from '#kit/forms/forms.ts'
import { Environment } from './start/environment.ts'

const [command, folder = readConfig(Environment, process.env).FORMS_DIR, ...more] =
  process.argv.slice(2)
if (command !== 'check' || more.length > 0) {
  throw new Error('Expected: npm run forms -- check [<folder>]')
}
const forms = await loadForms(folder, { knownTasks: knownTasks(await findTasks()) })
forms.close()
const problems = forms.problems().map(problemText)
if (problems.length > 0) throw new Error(problems.join('\n'))
console.log(`${forms.all().length} forms in ${folder}: all are right`)
