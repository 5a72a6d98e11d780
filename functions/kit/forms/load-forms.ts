// Loads all forms of a folder and keeps them up to date. A wrong file is refused; the other forms keep working.
import * as z from 'zod'
import { compileForm, type FormRules } from './compile/compile-form.ts'
import { type FieldTypes, findFieldTypes } from './find-field-types.ts'
import { CompileCache } from './folder/compile-cache.ts'
import { expectFolder, readFormTexts } from './folder/read-folder.ts'
import { ServedForms } from './folder/served-forms.ts'
import { watchFolder } from './folder/watch-folder.ts'
import type { Form } from './form.ts'
import type { FormProblem } from './form-problems.ts'
import { clashFinder } from './task-rules.ts'

/** The settings of every process that reads forms. */
export const formsConfig = {
  FORMS_DIR: z.string().default('./forms').describe('Folder of the form files'),
  FORMS_CHECKED_DIR: z
    .string()
    .optional()
    .describe(
      'Folder with copies of the valid form files, used for a file that is wrong when a process starts. Not set: with `npm start` in DATA_DIR, else FORMS_DIR',
    ),
}

export interface Forms {
  get(id: string): Form | undefined
  /** Finds a form by its second address, with or without the slash at its end. */
  byPath(path: string): Form | undefined
  all(): Form[]
  problems(): FormProblem[]
  /** Why a form is not served though it has a file, by its id or its second address. Undefined if it is served or has no file. */
  wrong(idOrPath: string): FormProblem | undefined
  close(): void
}

export interface FormsOptions extends Omit<FormRules, 'types'> {
  checkedIn?: string | undefined
  /** Called once for each problem, also at the first load. */
  onError?: ((problem: FormProblem) => void) | undefined
  /** Called for each warning about a form when a version of it begins to be served. */
  onWarning?: ((warning: FormProblem) => void) | undefined
  /** Called with the ids of the forms that were added, changed, mended or removed after the first load. */
  onChange?: (changed: string[]) => void | Promise<void>
}

/** Throws if there is no such folder. Wrong files do not throw: they are reported to `onError`. */
export async function loadForms(folder: string, options: FormsOptions): Promise<Forms> {
  await expectFolder(folder)
  const forms = new FolderForms(folder, options, await findFieldTypes())
  await forms.open()
  return forms
}

class FolderForms implements Forms {
  #folder: string
  #options: FormsOptions
  #cache: CompileCache
  #served: ServedForms
  #watcher: { close(): void } | undefined
  #closed = false

  constructor(folder: string, options: FormsOptions, types: FieldTypes) {
    const rules = {
      types,
      knownTasks: options.knownTasks,
      ...(options.others && { others: options.others }),
    }
    this.#folder = folder
    this.#options = options
    this.#cache = new CompileCache((name, text) => compileForm({ name, text }, rules))
    this.#served = new ServedForms(
      (name, text) => this.#cache.get(name, text),
      clashFinder(options.knownTasks),
    )
  }

  async open(): Promise<void> {
    // Watching begins before the first read, so that no change is missed. Reloads wait for that read.
    const firstLoad = Promise.withResolvers<void>()
    this.#watcher = watchFolder(this.#folder, () => firstLoad.promise.then(() => this.#reload()))
    await this.#load().catch((error) => {
      this.close()
      throw error
    })
    firstLoad.resolve()
  }

  async #load(): Promise<string[]> {
    const { checkedIn, onError, onWarning } = this.#options
    const texts = await readFormTexts(this.#folder, checkedIn)
    await this.#cache.prepare(texts)
    const { changed, problems } = await this.#served.update(texts)
    if (this.#closed) return []
    for (const problem of problems) onError?.(problem)
    for (const warning of changed.flatMap((id) => this.get(id)?.warnings ?? []))
      onWarning?.(warning)
    return changed
  }

  async #reload(): Promise<void> {
    const { onChange, onError } = this.#options
    try {
      const changed = await this.#load()
      if (changed.length > 0) await onChange?.(changed)
    } catch (error) {
      const message = `expected forms that can be read, found: ${(error as Error).message}`
      onError?.({ file: this.#folder, line: 1, path: '', message })
    }
  }

  get(id: string): Form | undefined {
    return this.#served.byId.get(id)
  }

  byPath(path: string): Form | undefined {
    return this.#served.byPath.get(withSlash(path))
  }

  all(): Form[] {
    return [...this.#served.byId.values()]
  }

  problems(): FormProblem[] {
    return this.#served.problems()
  }

  wrong(idOrPath: string): FormProblem | undefined {
    return this.#served.unserved.get(idOrPath.startsWith('/') ? withSlash(idOrPath) : idOrPath)
  }

  close(): void {
    this.#closed = true
    this.#watcher?.close()
  }
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`)
