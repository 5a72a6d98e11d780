// All forms of a folder, kept up to date while it changes. A wrong file is refused; the others keep working.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFieldTypes } from './field-types.ts'
import { compileForm, type Form, type FormRules } from './form.ts'
import type { FormProblem } from './form-file.ts'
import { FormSet, type Texts, type Unread } from './form-set.ts'
import { clashes } from './form-tasks.ts'
import { watchFolder } from './watch-folder.ts'

export interface Forms {
  get(id: string): Form | undefined
  /** By the second address, with or without its last slash. */
  byPath(path: string): Form | undefined
  all(): Form[]
  problems(): FormProblem[]
  close(): void
}

export interface FormsOptions extends Omit<FormRules, 'types'> {
  /** Called once for each problem, also at the first load. */
  onError?: (problem: FormProblem) => void
  /** Called with the ids of the forms that came, changed or went after the first load. */
  onChange?: (changed: string[]) => void
}

export async function loadForms(folder: string, options: FormsOptions): Promise<Forms> {
  const { onError, onChange, ...tasks } = options
  const rules = { types: await findFieldTypes(), ...tasks }
  const set = new FormSet(
    (name, text) => compileForm({ name, text }, rules),
    clashes(rules.knownTasks),
  )
  let closed = false

  async function load(): Promise<string[]> {
    const texts = await readTexts(folder)
    if (closed) return []
    const { changed, problems } = set.update(texts)
    for (const problem of problems) onError?.(problem)
    return changed
  }

  async function reload(): Promise<void> {
    try {
      const changed = await load()
      if (changed.length > 0) onChange?.(changed)
    } catch (error) {
      const message = `expected forms that can be read, found: ${(error as Error).message}`
      onError?.({ file: folder, line: 1, path: '', message })
    }
  }

  // Watched before it is read, so that no change falls between.
  const watcher = watchFolder(folder, reload)
  await load()
  return {
    get: (id) => set.byId.get(id),
    byPath: (path) => set.byPath.get(path.endsWith('/') ? path : `${path}/`),
    all: () => [...set.byId.values()],
    problems: () => set.problems(),
    close: () => {
      closed = true
      watcher.close()
    },
  }
}

async function readTexts(folder: string): Promise<Texts> {
  // A name with another ending, .yml, is refused with a message, not passed over.
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.ya?ml$/.test(name))
  const texts = names.map(
    async (name) => [join(folder, name), await readText(join(folder, name))] as const,
  )
  return new Map(
    (await Promise.all(texts)).filter(
      (entry): entry is [string, string | Unread] => entry[1] !== undefined,
    ),
  )
}

/** Nothing for a file that went away since the folder was listed. */
async function readText(file: string): Promise<string | Unread | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? undefined : { fault: message }
  }
}
