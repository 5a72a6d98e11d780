// Writes the folder of a new task, and what the rest of the repository needs to know about it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { UsageError } from '../parse-command.ts'
import { newTask } from './templates.ts'

const events = 'kafka/events.ts'
const completeForm = 'scripts/generate/complete-form.yaml'

/** Throws `UsageError`, and writes nothing, if there is such a task or such a fact. */
export async function writeTask(name: string, fact: string): Promise<void> {
  await expectNew(name, fact)
  const { declarations, files, options } = newTask(name, fact)
  await mkdir(`functions/${name}`)
  for (const [file, text] of Object.entries(files)) {
    await writeFile(`functions/${name}/${file}`, text, { flag: 'wx' })
  }
  await appendFile(events, declarations)
  const example = await readFile(completeForm, 'utf8')
  await writeFile(completeForm, example.replace(/^tasks:\n/m, `$&  ${name}: ${options}\n`))
  const { status } = spawnSync(process.execPath, ['scripts/generate.ts'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('The files are written, but npm run generate failed')
}

async function expectNew(name: string, fact: string): Promise<void> {
  if (!/^[a-z]+$/.test(fact)) {
    const example = 'npm run new task translate translated'
    throw new UsageError(`Expected one word for what has happened (${example}), found "${fact}"`)
  }
  if (existsSync(`functions/${name}`)) {
    throw new UsageError(`Expected the name of a new task, found functions/${name}`)
  }
  // Its topic is a constant of that name.
  const taken = new RegExp(
    `^(export )?const ${fact} =|defineEvent\\('${fact}'|'forms\\.${fact}'`,
    'm',
  )
  if (taken.test(await readFile(events, 'utf8'))) {
    throw new UsageError(`Expected a new fact, found "${fact}" in ${events}`)
  }
}
