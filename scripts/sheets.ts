// `npm run sheets -- adopt <form>`: takes the other ledger's stamp off a tab; the next row of this installation takes it over.
import './say-errors.ts'
import { resolve } from 'node:path'
import * as z from 'zod'
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find.ts'
import { loadForms } from '#kit/forms/forms.ts'
import { connectSheets } from '../functions/sheets/api.ts'
import { Tab } from '../functions/sheets/tab.ts'
import { Environment } from './environment.ts'
import { findInstance } from './instance.ts'

const [command, id = ''] = process.argv.slice(2)
if (command !== 'adopt') throw new Error(`Expected adopt <form>, found "${command ?? ''}"`)

const env = readConfig(Environment, process.env)
const forms = await loadForms(resolve(env.FORMS_DIR), { knownTasks: knownTasks(await findTasks()) })
const form = forms.get(id)
if (!form)
  throw new Error(
    `Expected one of the forms ${[...forms.all()].map((f) => f.id).join(', ')}, found "${id}"`,
  )

const Options = z.object({ spreadsheet: z.string(), tab: z.string() })
const { spreadsheet, tab: title } = Options.parse(form.tasks.sheets, {
  error: () => `Expected the form ${id} to list the task sheets`,
})
const sheets = env.GOOGLE_APPLICATION_CREDENTIALS
  ? undefined
  : (await findInstance(env.DATA_DIR)).sheets
const tab = new Tab(connectSheets(sheets && `${sheets}/`), spreadsheet, title)

const look = await tab.look(0, [])
if (!look) console.log(`The tab ${tab.name} does not exist: it is made with the first row`)
else if (!look.stamp)
  console.log(`The tab ${tab.name} carries no stamp: the next row takes it over`)
else {
  await tab.unstamp()
  console.log(
    `Took the stamp of ledger ${look.stamp} off the tab ${tab.name}: the next row takes it over`,
  )
}
forms.close()
