// Writes a new form, or a new task with its test. Overwrites nothing.
//
//   npm run new form <id>            writes the form file <id>.yaml; a running npm start serves it at once
//   npm run new task <name> <fact>   writes functions/<name>/ and declares the event it emits
//
// <fact> is one word for what has happened once the task is done: npm run new task translate translated
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { newForm, newTask } from './new/templates.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const [kind, name = '', fact = ''] = parseCommand({}, 3).positionals
if (kind === 'form' && !fact) await writeForm(name)
else if (kind === 'task') await writeTask(name, fact)
else throw new UsageError('Expected: npm run new form <id>, or npm run new task <name> <fact>')

function expectName(found: string, what: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(found)) return
  throw new UsageError(
    `Expected ${what} of lower case letters, digits and -, beginning with a letter, found "${found}"`,
  )
}

async function writeForm(id: string): Promise<void> {
  expectName(id, 'an id')
  const file = join(readConfig(Environment, process.env).FORMS_DIR, `${id}.yaml`)
  await writeFile(file, newForm(id), { flag: 'wx' }).catch((error) => {
    if (error.code === 'EEXIST')
      throw new UsageError(`Expected the id of a new form, found ${file}`)
    throw error
  })
  console.log(`Wrote ${file}: a running instance serves it at /forms/${id}`)
}

async function writeTask(name: string, fact: string): Promise<void> {
  expectName(name, 'a name')
  if (!/^[a-z]+$/.test(fact)) {
    const example = 'npm run new task translate translated'
    throw new UsageError(`Expected one word for what has happened (${example}), found "${fact}"`)
  }
  if (existsSync(`functions/${name}`)) {
    throw new UsageError(`Expected the name of a new task, found functions/${name}`)
  }
  const { events, files } = newTask(name, fact)
  const declared = await readFile('kafka/events.ts', 'utf8')
  if (declared.includes(`forms.${fact}'`)) {
    throw new UsageError(`Expected a new fact, found that forms.${fact} is a topic already`)
  }
  await mkdir(`functions/${name}`)
  for (const [file, text] of Object.entries(files)) {
    await writeFile(`functions/${name}/${file}`, text, { flag: 'wx' })
  }
  await appendFile('kafka/events.ts', events)
  console.log(
    `Wrote functions/${name}/task.ts with its test, and its event at the end of kafka/events.ts`,
  )
  console.log(
    `List it in a form (tasks: { ${name}: { field: … } }), then npm run generate, npm run check and npm start`,
  )
}
