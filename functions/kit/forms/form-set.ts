// The forms of a folder: which version of each is served, and what is wrong.
import { createHash } from 'node:crypto'
import type { Compiled, Form } from './form.ts'
import { type FormProblem, problemText } from './form-file.ts'
import type { Clash } from './form-tasks.ts'

/** What is known of one file. */
interface Entry {
  hash: string
  /** Where the file says its path, for the message when another has the same. */
  pathLine: number
  /** Where it lists its tasks, for the message when another has what they need. */
  tasksLine: number
  /** The newest version, if it is right. */
  latest?: Form
  /** The last good version: it stays while a newer one is wrong. */
  served?: Form
  problems: FormProblem[]
}

/** Why a file could not be read. */
export interface Unread {
  fault: string
}

/** Each file by name. */
export type Texts = Map<string, string | Unread>

export class FormSet {
  #entries = new Map<string, Entry>()
  #byId = new Map<string, Form>()
  #byPath = new Map<string, Form>()
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

  problems(): FormProblem[] {
    return [...this.#entries.values()].flatMap(({ problems }) => problems)
  }

  /** Gives the ids of the forms that came, changed or went, and the problems that were not there before. */
  update(texts: Texts): { changed: string[]; problems: FormProblem[] } {
    const known = new Set(this.problems().map(problemText))
    const before = this.#byId
    this.#read(texts)
    this.#settle()
    const served = [...this.#entries.values()].flatMap(({ served }) => served ?? [])
    this.#byId = new Map(served.map((form) => [form.id, form]))
    this.#byPath = new Map(
      served.flatMap((form) => (form.path ? [[form.path, form] as const] : [])),
    )
    const ids = new Set([...before.keys(), ...this.#byId.keys()])
    return {
      changed: [...ids].filter((id) => before.get(id) !== this.#byId.get(id)),
      problems: this.problems().filter((problem) => !known.has(problemText(problem))),
    }
  }

  /** Compiles what has changed. Entries stay in the order of their names. */
  #read(texts: Texts): void {
    const entries = new Map<string, Entry>()
    for (const name of [...texts.keys()].toSorted()) {
      const before = this.#entries.get(name)
      entries.set(name, this.#entry(name, texts.get(name)!, before))
    }
    this.#entries = entries
  }

  #entry(name: string, text: string | Unread, before: Entry | undefined): Entry {
    const served = before?.served
    if (typeof text !== 'string') {
      const message = `expected a file that can be read, found: ${text.fault}`
      const problems = [{ file: name, line: 1, path: '', message }]
      return { hash: '', pathLine: 1, tasksLine: 1, served, problems }
    }
    const hash = createHash('sha256').update(text).digest('hex')
    if (before?.hash === hash) return before
    const lines = {
      pathLine: text.split(/^path:/m)[0]!.split('\n').length,
      tasksLine: text.split(/^tasks:/m)[0]!.split('\n').length,
    }
    const compiled = this.#compile(name, text)
    if (compiled.ok) return { hash, ...lines, served, latest: compiled.form, problems: [] }
    return { hash, ...lines, served, problems: compiled.problems }
  }

  /** With what another form is served by. */
  #clashes(name: string, { latest, tasksLine }: Entry): FormProblem[] {
    for (const [other, { served }] of this.#entries) {
      const found = other !== name && latest && served && this.#clash(latest, served)
      if (!found) continue
      const message = `expected ${found.expected}, which ${other} has`
      return [{ file: name, line: tasksLine, path: `tasks.${found.task}`, message }]
    }
    return []
  }

  /** Serves the newest versions, except where another form has the path, or what a task needs. One that moves away makes room. */
  #settle(): void {
    const owners = new Map<string, string>()
    for (const [name, { served }] of this.#entries) if (served?.path) owners.set(served.path, name)
    let moved = true
    while (moved) {
      moved = false
      for (const [name, entry] of this.#entries) {
        const { latest, served } = entry
        if (!latest || latest === served) continue
        const owner = owners.get(latest.path ?? '')
        entry.problems =
          owner && owner !== name ? [pathTaken(name, entry, owner)] : this.#clashes(name, entry)
        if (entry.problems.length > 0) continue
        if (served?.path) owners.delete(served.path)
        if (latest.path) owners.set(latest.path, name)
        entry.served = latest
        moved = true
      }
    }
  }
}

function pathTaken(file: string, { latest, pathLine }: Entry, owner: string): FormProblem {
  const message = `expected a path of its own, found ${JSON.stringify(latest?.path)}, which ${owner} has`
  return { file, line: pathLine, path: 'path', message }
}
