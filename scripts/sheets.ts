// Compares the sheet of a form with the event log, or takes over a tab that another installation wrote.
//
//   npm run sheets -- reconcile <form> [--repair]   compares sheet and log; exits with 1 if rows are missing
//   npm run sheets -- adopt <form>                  lets this installation write to the form's tabs
//
//   --repair   writes the missing rows
import { resolve } from 'node:path'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { type Forms, loadForms } from '#kit/forms/load-forms.ts'
import { Config } from '../functions/sheets/config.ts'
import { createDryRun } from '../functions/sheets/reconcile/dry-run.ts'
import { reconcile } from '../functions/sheets/reconcile/reconcile.ts'
import type { Target } from '../functions/sheets/target.ts'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { adopt } from './sheets/adopt.ts'
import { connect, sheetOf } from './sheets/form-sheet.ts'
import { showProgress } from './sheets/progress-bar.ts'
import { Environment } from './start/environment.ts'

const { positionals, values } = parseCommand({ repair: { type: 'boolean', default: false } }, 2)
const [command = '', id = ''] = positionals
if (command !== 'adopt' && command !== 'reconcile')
  throw new UsageError(`Expected adopt <form> or reconcile <form>, found "${command}"`)

const env = readConfig(Environment, process.env)
const tasks = await findTasks()
const forms = await loadForms(resolve(env.FORMS_DIR), { knownTasks: knownTasks(tasks) })
const form = forms.get(id)
if (!form)
  throw new UsageError(
    `Expected one of the forms ${[...forms.all()].map((f) => f.id).join(', ')}, found "${id}"`,
  )
const target = sheetOf(form)

if (command === 'adopt') {
  // Google's own Sheets can be adopted without a running instance; the emulator is part of one.
  const running = findInstance(env.DATA_DIR)
  const instance = env.GOOGLE_APPLICATION_CREDENTIALS
    ? await running.catch(() => undefined)
    : await running
  await adopt(connect(instance?.sheets), target, instance && connectInstance(instance))
} else {
  const instance = await findInstance(env.DATA_DIR)
  const ok = await reconcile({
    api: connect(instance.sheets),
    target,
    forms: formsWith(target, forms),
    dryRun: await createDryRun(tasks.find(({ name }) => name === 'sheets') as Task, forms),
    instance: connectInstance(instance),
    watermark: readConfig(Config, process.env).SHEETS_WATERMARK_MS,
    repair: values.repair,
    showProgress,
    print: (line) => console.log(line),
  })
  process.exitCode = ok ? 0 : 1
}
forms.close()

/** Forms may share a tab. */
function formsWith({ spreadsheet, tab }: Target, all: Forms): Set<string> {
  const sharing = all.all().filter((form) => {
    if (!form.tasks.sheets) return false
    const other = sheetOf(form)
    return other.spreadsheet === spreadsheet && other.tab === tab
  })
  return new Set(sharing.map(({ id }) => id))
}
