// Decides which version of each form of a folder is served, and collects what is wrong.
import { yieldToRequests } from '../../yield-to-requests.ts'
import type { Compiled } from '../compile/compile-form.ts'
import type { Form } from '../form.ts'
import { type FormProblem, problemText, wrongFiles } from '../form-problems.ts'
import type { FindClash } from '../task-rules.ts'
import { type FileVersions, readVersions, unservedReasons } from './file-versions.ts'
import type { FormTexts } from './read-folder.ts'

export class ServedForms {
  /** Keyed by file name, in the order of the names. */
  #files = new Map<string, FileVersions>()
  #byId = new Map<string, Form>()
  #byPath = new Map<string, Form>()
  #unserved = new Map<string, FormProblem>()
  #compile: (name: string, text: string) => Compiled
  #findClash: FindClash

  constructor(compile: (name: string, text: string) => Compiled, findClash: FindClash) {
    this.#compile = compile
    this.#findClash = findClash
  }

  get byId(): ReadonlyMap<string, Form> {
    return this.#byId
  }

  /** Keyed by second address, which has a slash at both ends. */
  get byPath(): ReadonlyMap<string, Form> {
    return this.#byPath
  }

  /** Why forms that have a file are not served, by id and by second address. */
  get unserved(): ReadonlyMap<string, FormProblem> {
    return this.#unserved
  }

  problems(): FormProblem[] {
    return [...this.#files.values()].flatMap(({ problems }) => problems)
  }

  /**
   * Returns the ids of forms that were added, changed, mended or removed, and the problems that are new. All forms change at the same time,
   * when it resolves. Calls must not overlap.
   */
  async update(texts: FormTexts): Promise<{ changed: string[]; problems: FormProblem[] }> {
    const known = new Set(this.problems().map(problemText))
    const wrong = new Set(wrongFiles(this.problems()))
    const before = this.#byId
    await this.#read(texts)
    await this.#chooseVersions()
    const served = [...this.#files.values()].flatMap(({ served }) => served ?? [])
    this.#byId = new Map(served.map((form) => [form.id, form]))
    this.#byPath = new Map(
      served.flatMap((form) => (form.path ? [[form.path, form] as const] : [])),
    )
    this.#unserved = new Map(
      [...this.#files].flatMap(([name, versions]) => unservedReasons(name, versions)),
    )
    const ids = new Set([...before.keys(), ...this.#byId.keys()])
    const mended = this.#rightOf(wrong)
    return {
      changed: [...ids].filter((id) => before.get(id) !== this.#byId.get(id) || mended.has(id)),
      problems: this.problems().filter((problem) => !known.has(problemText(problem))),
    }
  }

  /** The ids of those files that have no problem. */
  #rightOf(files: Set<string>): Set<string> {
    const right = [...this.#files].filter(
      ([name, { problems }]) => files.has(name) && problems.length === 0,
    )
    return new Set(right.flatMap(([, { served }]) => served?.id ?? []))
  }

  async #read(texts: FormTexts): Promise<void> {
    const letOthersRun = yieldToRequests()
    const files = new Map<string, FileVersions>()
    for (const name of [...texts.keys()].toSorted()) {
      const change = { name, read: texts.get(name)!, before: this.#files.get(name) }
      files.set(name, readVersions(change, this.#compile))
      await letOthersRun()
    }
    this.#files = files
  }

  /**
   * Serves the newest versions, except where another form has the path or what a task needs. A form that gives up a path makes room
   * for one that was refused, so this repeats until nothing changes.
   */
  async #chooseVersions(): Promise<void> {
    const letOthersRun = yieldToRequests()
    await this.#serveCheckedCopies(letOthersRun)
    let changed = true
    while (changed) {
      changed = false
      for (const [name, versions] of this.#files) {
        const { latest, served } = versions
        if (!latest || latest === served) continue
        await letOthersRun()
        versions.problems = this.#clashes(name, latest, versions)
        if (versions.problems.length > 0) continue
        versions.served = latest
        changed = true
      }
    }
  }

  /**
   * For a process that has just started and saw no earlier version. It begins with the checked copies, which running processes serve,
   * so that all processes refuse the same form when two claim the same path or tab.
   */
  async #serveCheckedCopies(letOthersRun: () => Promise<void>): Promise<void> {
    for (const [name, versions] of this.#files) {
      const { served, checked } = versions
      if (served || !checked) continue
      if (this.#clashes(name, checked, versions).length === 0) versions.served = checked
      await letOthersRun()
    }
  }

  /** Why `form` cannot be served beside the others: another form has its path, or what one of its tasks needs. */
  #clashes(name: string, form: Form, { pathLine, tasksLine }: FileVersions): FormProblem[] {
    for (const [other, { served }] of this.#files) {
      if (other === name || !served) continue
      if (form.path && form.path === served.path) {
        const message = `expected a path of its own, found ${JSON.stringify(form.path)}, which ${other} has`
        return [{ file: name, line: pathLine, path: 'path', message }]
      }
      const clash = this.#findClash(form, served)
      if (!clash) continue
      const message = `expected ${clash.expected}, which ${other} has`
      return [{ file: name, line: tasksLine, path: `tasks.${clash.task}`, message }]
    }
    return []
  }
}
