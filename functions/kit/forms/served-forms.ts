// The forms of a folder: which version of each is served, and what is wrong.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { yieldToRequests } from '../yield-to-requests.ts'
import { type FormProblem, problemText } from './files/form-file.ts'
import type { FormText, FormTexts } from './files/read-forms.ts'
import type { Compiled, Form } from './form.ts'
import type { Clash } from './form-tasks.ts'

/** What is known of one file. */
interface Entry {
  hash: string
  /** The second address as the file says it, and where, for messages. */
  said: { path?: string; line: number }
  /** Where it lists its tasks, for the message when another has what they need. */
  tasksLine: number
  /** The newest version, if it is right. */
  latest?: Form
  /** What the checked copy says, if it is right: with it a process begins. */
  checked?: Form | undefined
  /** The last good version: it stays while a newer one is wrong. */
  served?: Form
  problems: FormProblem[]
}

export class FormSet {
  #entries = new Map<string, Entry>()
  #byId = new Map<string, Form>()
  #byPath = new Map<string, Form>()
  #wrong = new Map<string, FormProblem>()
  #compile: (name: string, text: string) => Compiled
  #clash: Clash

  constructor(compile: (name: string, text: string) => Compiled, clash: Clash) {
    this.#compile = compile
    this.#clash = clash
  }

  get byId(): ReadonlyMap<string, Form> {
    return this.#byId
  }

  /** By the second address, which has a slash at both ends. */
  get byPath(): ReadonlyMap<string, Form> {
    return this.#byPath
  }

  /** The forms that are there but cannot be served, by id and by second address: why. */
  get wrong(): ReadonlyMap<string, FormProblem> {
    return this.#wrong
  }

  problems(): FormProblem[] {
    return [...this.#entries.values()].flatMap(({ problems }) => problems)
  }

  /**
   * Gives the ids of the forms that came, changed or went, and the problems that were not there before. All are served at once, when
   * it resolves. Wait for it before the next one.
   */
  async update(texts: FormTexts): Promise<{ changed: string[]; problems: FormProblem[] }> {
    const known = new Set(this.problems().map(problemText))
    const before = this.#byId
    await this.#read(texts)
    await this.#settle()
    const served = [...this.#entries.values()].flatMap(({ served }) => served ?? [])
    this.#byId = new Map(served.map((form) => [form.id, form]))
    this.#byPath = new Map(
      served.flatMap((form) => (form.path ? [[form.path, form] as const] : [])),
    )
    this.#wrong = new Map([...this.#entries].flatMap(([name, entry]) => unserved(name, entry)))
    const ids = new Set([...before.keys(), ...this.#byId.keys()])
    return {
      changed: [...ids].filter((id) => before.get(id) !== this.#byId.get(id)),
      problems: this.problems().filter((problem) => !known.has(problemText(problem))),
    }
  }

  /** Compiles what has changed. Entries stay in the order of their names. */
  async #read(texts: FormTexts): Promise<void> {
    const others = yieldToRequests()
    const entries = new Map<string, Entry>()
    for (const name of [...texts.keys()].toSorted()) {
      const entry = this.#entry(name, texts.get(name)!, this.#entries.get(name))
      entries.set(name, entry)
      await others()
    }
    this.#entries = entries
  }

  #entry(name: string, { text, checked }: FormText, before: Entry | undefined): Entry {
    const hash = createHash('sha256')
      .update(JSON.stringify([text, checked]))
      .digest('hex')
    if (before?.hash === hash) return before
    const said = typeof text === 'string' ? saidPath(text) : { line: 1 }
    const tasksLine = typeof text === 'string' ? lineOfTasks(text) : 1
    const compiled = typeof text === 'string' ? this.#compile(name, text) : unread(name, text)
    const known = { hash, said, tasksLine, served: before?.served }
    if (!compiled.ok) {
      return { ...known, checked: this.#checked(name, checked), problems: compiled.problems }
    }
    const { form } = compiled
    const same = form.text === checked
    return {
      ...known,
      latest: form,
      checked: same ? form : this.#checked(name, checked),
      problems: [],
    }
  }

  #checked(name: string, text: string | undefined): Form | undefined {
    const compiled = text === undefined ? undefined : this.#compile(name, text)
    return compiled?.ok ? compiled.form : undefined
  }

  /** Why `form` cannot be served beside the others: its path, or what a task of it needs, is another's. */
  #clashes(name: string, form: Form, { said, tasksLine }: Entry): FormProblem[] {
    for (const [other, { served }] of this.#entries) {
      if (other === name || !served) continue
      if (form.path && form.path === served.path) {
        return [{ file: name, line: said.line, path: 'path', message: pathTaken(form.path, other) }]
      }
      const found = this.#clash(form, served)
      if (!found) continue
      const message = `expected ${found.expected}, which ${other} has`
      return [{ file: name, line: tasksLine, path: `tasks.${found.task}`, message }]
    }
    return []
  }

  /**
   * A process that has just started saw no edit before: it begins with the checked copies, as those that run do, so a form that takes
   * a path or tab of another is refused by all of them.
   */
  async #begin(others: () => Promise<void>): Promise<void> {
    for (const [name, entry] of this.#entries) {
      const { served, checked } = entry
      if (served || !checked) continue
      if (this.#clashes(name, checked, entry).length === 0) entry.served = checked
      await others()
    }
  }

  /** Serves the newest versions, except where another form has the path, or what a task needs. One that moves away makes room. */
  async #settle(): Promise<void> {
    const others = yieldToRequests()
    await this.#begin(others)
    let moved = true
    while (moved) {
      moved = false
      for (const [name, entry] of this.#entries) {
        const { latest, served } = entry
        if (!latest || latest === served) continue
        await others()
        entry.problems = this.#clashes(name, latest, entry)
        if (entry.problems.length > 0) continue
        entry.served = latest
        moved = true
      }
    }
  }
}

const unread = (file: string, why: { line: number; message: string }): Compiled => ({
  ok: false,
  problems: [{ file, path: '', ...why }],
})

function unserved(name: string, { served, said, problems }: Entry): [string, FormProblem][] {
  const [problem] = problems
  if (served || !problem) return []
  const id: [string, FormProblem] = [basename(name, '.yaml'), problem]
  return said.path ? [id, [said.path, problem]] : [id]
}

/** Also of a file that is wrong. */
function saidPath(text: string): Entry['said'] {
  const [before, after] = text.split(/^path:/m)
  const path = /^[ \t]*["']?(\/[\w.~/-]+\/)["']?[ \t]*(?:#.*)?$/m.exec(after ?? '')?.[1]
  return { line: before!.split('\n').length, ...(path && { path }) }
}

const lineOfTasks = (text: string): number => text.split(/^tasks:/m)[0]!.split('\n').length

const pathTaken = (path: string, owner: string): string =>
  `expected a path of its own, found ${JSON.stringify(path)}, which ${owner} has`
