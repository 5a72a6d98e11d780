// Recognises the API keys of programs. The file with their hashes is read again when it has changed.
import { timingSafeEqual } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { type Hashes, hashOf, parseKeys } from './keys-file.ts'

/** Milliseconds between two looks at the file. */
const interval = 1000

export class ApiKeys {
  #file: string
  #logger: Logger
  #hashes: Hashes = new Map()
  /** Of the file as it was read last. */
  #version: string | undefined
  #nextLook = Number.NEGATIVE_INFINITY
  #problem: string | undefined
  #looking: Promise<void> | undefined

  constructor(file: string, logger: Logger) {
    this.#file = file
    this.#logger = logger
  }

  /** Whether the key belongs to one of the names. Takes equally long whatever key matches. */
  async accepts(key: string, names: string[]): Promise<boolean> {
    await this.refresh()
    const hash = hashOf(key)
    const known = names.flatMap((name) => this.#hashes.get(name) ?? [])
    return known.map((one) => timingSafeEqual(one, hash)).includes(true)
  }

  /** Why the file cannot be used, or is not what it was. */
  get problem(): string | undefined {
    return this.#problem
  }

  hasKey(name: string): boolean {
    return (this.#hashes.get(name) ?? []).length > 0
  }

  /** Looks at the file, at most once a second. Requests that come meanwhile wait for the look. */
  async refresh(): Promise<void> {
    if (performance.now() < this.#nextLook) return
    this.#looking ??= this.#look()
    await this.#looking
    this.#looking = undefined
    this.#nextLook = performance.now() + interval
  }

  async #look(): Promise<void> {
    try {
      // Follows the symbolic links by which Kubernetes exchanges the files of a Secret.
      const { mtimeMs, ino, size } = await stat(this.#file)
      const version = `${mtimeMs} ${ino} ${size}`
      if (version === this.#version) return
      this.#hashes = parseKeys(await readFile(this.#file, 'utf8'))
      this.#version = version
      this.#setProblem(undefined)
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException)
    }
  }

  /** A file that was removed has no keys: that is how somebody may withdraw them. With a wrong one the keys stay as they were. */
  #failed({ code, message }: NodeJS.ErrnoException): void {
    this.#version = undefined
    if (code === 'ENOENT') this.#hashes = new Map()
    this.#setProblem(`${this.#file}: ${code === 'ENOENT' ? 'there is no such file' : message}`)
  }

  #setProblem(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) {
      this.#logger.error({ problem }, 'API_KEYS_FILE cannot be read')
    }
    this.#problem = problem
  }
}

/** The key of `Authorization: Bearer <key>`. */
export const bearerKey = (header: string | undefined): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1]
