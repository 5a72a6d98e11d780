// Checks form files, runs the tests in them, and lists every problem and every warning with file and line. Warnings do not fail it.
//
//   npm run forms -- check [<file or folder> …]   without one: all files in FORMS_DIR
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { runTests, type TestsResult } from './forms/run-tests.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { Environment } from './start/environment.ts'

const { positionals } = parseCommand({}, Number.POSITIVE_INFINITY)
const [command = '', ...named] = positionals
if (command !== 'check') {
  throw new UsageError(`Expected check [<file or folder> …], found "${command}"`)
}

const known = knownTasks(await findTasks())
const places = named.length > 0 ? named : [readConfig(Environment, process.env).FORMS_DIR]
const results = await Promise.all(places.map(check))
const problems = new Set(results.flatMap((result) => result.problems.map(problemText)))
if (problems.size > 0) throw new Error([...problems].join('\n'))
const passed = results.reduce((sum, result) => sum + result.passed, 0)
const forms = results.reduce((sum, result) => sum + result.forms, 0)
console.log(`${forms} forms in ${places.join(', ')}, ${passed} tests passed, no problems`)

/** A file is checked among the others of its folder, as two forms must not claim the same path or tab. */
async function check(place: string): Promise<TestsResult & { forms: number }> {
  const isFile = /\.ya?ml$/.test(place)
  if (isFile) await stat(place).catch(() => expectFile(place))
  const folder = isFile ? dirname(place) : place
  const wanted = (file: string) => !isFile || file === join(folder, basename(place))
  const loaded = await loadForms(folder, { knownTasks: known })
  loaded.close()
  const wrong = loaded.problems().filter(({ file }) => wanted(file))
  const wrongFiles = wrong.map(({ file }) => file)
  const forms = loaded
    .all()
    .map((form) => ({ file: join(folder, `${form.id}.yaml`), form }))
    .filter(({ file }) => wanted(file) && !wrongFiles.includes(file))
  for (const { form } of forms) {
    for (const warning of form.warnings) console.warn(problemText(warning))
  }
  const results = forms.map(({ file, form }) => runTests(file, form))
  return {
    forms: forms.length,
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    problems: [...wrong, ...results.flatMap((result) => result.problems)],
  }
}

function expectFile(place: string): never {
  throw new Error(`Expected a form file at ${place}, found none`)
}
