// Writes a new form, or a new task with its test, or makes an API key. Overwrites nothing.
//
//   npm run new form <id>              writes the form file <id>.yaml, with a page; a running npm start serves it at once
//   npm run new task <name> [<fact>]   writes functions/<name>/ with its tests, declares the event it emits, and generates
//   npm run new key <name>             prints an API key, and the line for the file API_KEYS_FILE
//
// <fact> is one word for what has happened once the task is done: npm run new task translate translated
// Without it the command asks for it.
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { askFact } from './new/ask-fact.ts'
import { keyFor } from './new/key.ts'
import { newForm } from './new/templates.ts'
import { writeTask } from './new/write-task.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'
import { hostToConnect } from './start/sheets-emulator.ts'

const [kind, name = '', fact = ''] = parseCommand({}, 3).positionals
if (kind === 'form' && !fact) await writeForm(name)
else if (kind === 'task') await newTask(name, fact)
else if (kind === 'key' && !fact) printKey(name)
else throw new UsageError('Expected: npm run new form <id>, task <name> [<fact>], or key <name>')

function expectName(found: string, what: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(found)) return
  throw new UsageError(
    `Expected ${what} of lower case letters, digits and -, beginning with a letter, found "${found}"`,
  )
}

function printKey(name: string): void {
  expectName(name, 'a name')
  console.log(keyFor(name))
}

async function writeForm(id: string): Promise<void> {
  expectName(id, 'an id')
  const env = readConfig(Environment, process.env)
  const { FORMS_DIR: folder } = env
  const file = join(folder, `${id}.yaml`)
  const text = newForm(id, relative(folder, 'forms/form.schema.json'))
  await writeFile(file, text, { flag: 'wx' }).catch((error) => {
    if (error.code === 'EEXIST')
      throw new UsageError(`Expected the id of a new form, found ${file}`)
    throw error
  })
  console.log(`Wrote ${file}`)
  await expectServed(folder, id)
  const instance = await findInstance(env.DATA_DIR).catch(() => undefined)
  console.log(
    instance
      ? `Open ${instance.endpoint}/forms/${id}`
      : `Run npm start, then open ${addressOf(env)}/forms/${id}`,
  )
}

/** Throws if the form cannot be served, for example because another form has its sheet already. */
async function expectServed(folder: string, id: string): Promise<void> {
  const forms = await loadForms(folder, { knownTasks: knownTasks(await findTasks()) })
  forms.close()
  const problem = forms.wrong(id)
  if (problem) throw new Error(problemText(problem))
}

function addressOf({ HOST, PORT }: Environment): string {
  return `http://${hostToConnect(HOST)}:${PORT}`
}

async function newTask(name: string, given: string): Promise<void> {
  expectName(name, 'a name')
  const fact = given || (await askFact(name))
  await writeTask(name, fact)
  console.log(`Wrote functions/${name}/ with a task and its tests, and the event "${fact}" at the end of kafka/events.ts
Edit functions/${name}/task.ts. Its tests: npm test -- functions/${name}
List it in a form (tasks: { ${name}: { field: … } }), then npm start. docs/tasks.md leads on from here.`)
}
