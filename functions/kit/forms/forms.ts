// All forms of a folder, kept up to date while it changes. A wrong file is refused; the others keep working.
import * as z from 'zod'
import { findFieldTypes } from './field-types.ts'
import { CompiledFiles } from './files/compiled-files.ts'
import type { FormProblem } from './files/form-file.ts'
import { expectFolder, readFormTexts } from './files/read-forms.ts'
import { watchFolder } from './files/watch-folder.ts'
import { compileForm, type Form, type FormRules } from './form.ts'
import { clashes } from './form-tasks.ts'
import { FormSet } from './served-forms.ts'

/** The settings of every process that reads forms. */
export const formsConfig = {
  FORMS_DIR: z.string().default('./forms').describe('Folder of the form files'),
  /** Where the checked copies are; not set: among the forms. */
  FORMS_CHECKED_DIR: z
    .string()
    .optional()
    .describe(
      'Folder with copies of the valid form files, used for a file that is wrong when a process starts. Not set: with `npm start` in DATA_DIR, else FORMS_DIR',
    ),
}

export interface Forms {
  get(id: string): Form | undefined
  /** By the second address, with or without its last slash. */
  byPath(path: string): Form | undefined
  all(): Form[]
  problems(): FormProblem[]
  /** Why a form that is there cannot be served, by its id or its second address. Nothing where there is none, or a good one. */
  wrong(idOrPath: string): FormProblem | undefined
  close(): void
}

export interface FormsOptions extends Omit<FormRules, 'types'> {
  checkedIn?: string | undefined
  /** Called once for each problem, also at the first load. */
  onError?: ((problem: FormProblem) => void) | undefined
  /** Called with the ids of the forms that came, changed or went after the first load. */
  onChange?: (changed: string[]) => void | Promise<void>
}

export async function loadForms(folder: string, options: FormsOptions): Promise<Forms> {
  const { onError, onChange, checkedIn, ...tasks } = options
  await expectFolder(folder)
  const rules = { types: await findFieldTypes(), ...tasks }
  const files = new CompiledFiles((name, text) => compileForm({ name, text }, rules))
  const set = new FormSet((name, text) => files.get(name, text), clashes(rules.knownTasks))
  let closed = false

  async function load(): Promise<string[]> {
    const texts = await readFormTexts(folder, checkedIn)
    await files.prepare(texts)
    const { changed, problems } = await set.update(texts)
    if (closed) return []
    for (const problem of problems) onError?.(problem)
    return changed
  }

  async function reload(): Promise<void> {
    try {
      const changed = await load()
      if (changed.length > 0) await onChange?.(changed)
    } catch (error) {
      const message = `expected forms that can be read, found: ${(error as Error).message}`
      onError?.({ file: folder, line: 1, path: '', message })
    }
  }

  // Watched before it is read, so that no change falls between.
  const first = Promise.withResolvers<void>()
  const watcher = watchFolder(folder, () => first.promise.then(reload))
  await load().catch((error) => {
    watcher.close()
    throw error
  })
  first.resolve()
  const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`)
  return {
    get: (id) => set.byId.get(id),
    byPath: (path) => set.byPath.get(withSlash(path)),
    all: () => [...set.byId.values()],
    problems: () => set.problems(),
    wrong: (idOrPath) => set.wrong.get(idOrPath.startsWith('/') ? withSlash(idOrPath) : idOrPath),
    close: () => {
      closed = true
      watcher.close()
    },
  }
}
