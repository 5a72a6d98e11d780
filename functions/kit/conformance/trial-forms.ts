// The forms of a trial: the given one, and variations of it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { AnyTask } from '../define-task.ts'
import { knownTasks } from '../find-tasks.ts'
import { problemText } from '../forms/form-problems.ts'
import { loadForms } from '../forms/load-forms.ts'

/** Id of the form as it was given. */
export const listedForm = 'listed'
/** Id of the form without the task. */
export const unlistedForm = 'unlisted'
/** Id of the form that lists the task and gives it no options. */
export const bareForm = 'bare'

/** Throws if the given form is wrong. `text`: YAML. */
export async function writeForms(folder: string, text: string, task: AnyTask): Promise<void> {
  const write = (id: string, form: string) => writeFile(join(folder, `${id}.yaml`), form)
  await write(listedForm, text)
  const forms = await loadForms(folder, { knownTasks: knownTasks([task]), others: 'unchecked' })
  forms.close()
  const problem = forms.wrong(listedForm)
  if (problem)
    throw new Error(`The form for the conformance suite is wrong: ${problemText(problem)}`)
  const { tasks: listed = {}, path: _, ...form } = parse(text)
  const { [task.name]: _options, ...tasks } = listed
  await write(unlistedForm, stringify({ ...form, tasks }))
  await write(bareForm, stringify({ ...form, tasks: { ...tasks, [task.name]: {} } }))
}
