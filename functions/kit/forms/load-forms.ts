// All forms of a folder, kept up to date while it changes. A wrong file is refused; the others keep working.
import * as z from 'zod'
import { compileForm, type FormRules } from './compile/compile-form.ts'
import { findFieldTypes } from './find-field-types.ts'
import { CompileCache } from './folder/compile-cache.ts'
import { expectFolder, readFormTexts } from './folder/read-folder.ts'
import { ServedForms } from './folder/served-forms.ts'
import { watchFolder } from './folder/watch-folder.ts'
import type { Form } from './form.ts'
import type { FormProblem } from './form-problems.ts'
import { clashFinder } from './task-rules.ts'

/** The settings of every process that reads forms. */
export const formsConfig = {
  FORMS_DIR: z.string().default('./forms'),
  /** Where the checked copies are; not set: among the forms. */
  FORMS_CHECKED_DIR: z.string().optional(),
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
  const files = new CompileCache((name, text) => compileForm({ name, text }, rules))
  const set = new ServedForms((name, text) => files.get(name, text), clashFinder(rules.knownTasks))
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
