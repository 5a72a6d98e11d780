// Says when a folder has changed, once for a group of changes and never twice at a time.
import { type FSWatcher, type Stats, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

// Editors, and kubelet with its `..data` link, make several changes for one.
const quietMs = 100
// A link's target, a folder that was itself replaced and a network file system change without an event.
const lookMs = 5000

/** The folder is watched, not its files: they are replaced, by rename or by a link, more often than written. */
export function watchFolder(
  folder: string,
  onChange: () => Promise<void>,
  lookEvery = lookMs,
): { close(): void } {
  return new FolderWatch(folder, onChange, lookEvery)
}

class FolderWatch {
  #folder: string
  #onChange: () => Promise<void>
  #watcher: FSWatcher
  #seen: Promise<Print>
  #timer: NodeJS.Timeout | undefined
  #running = Promise.resolve()
  #looks: NodeJS.Timeout
  #closed = false

  constructor(folder: string, onChange: () => Promise<void>, lookEvery: number) {
    this.#folder = folder
    this.#onChange = onChange
    this.#watcher = this.#watch()
    this.#seen = printOf(folder)
    this.#looks = setInterval(() => void this.#look(), lookEvery).unref()
  }

  #watch(): FSWatcher {
    const watcher = watch(this.#folder, { persistent: false }, () => this.#changed())
    // Without its events there still are the looks.
    return watcher.on('error', () => watcher.close())
  }

  #changed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(this.#onChange)
    }, quietMs).unref()
  }

  async #look(): Promise<void> {
    const before = await this.#seen
    const now = await printOf(this.#folder)
    if (this.#closed || now.files === before.files) return
    this.#seen = Promise.resolve(now)
    if (now.folder !== before.folder) this.#follow()
    this.#changed()
  }

  /** Another folder has the name now. */
  #follow(): void {
    this.#watcher.close()
    try {
      this.#watcher = this.#watch()
    } catch {
      // It has gone again: a later look finds what comes in its place.
    }
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#looks)
    clearTimeout(this.#timer)
    this.#watcher.close()
  }
}

interface Print {
  /** Which folder it is; empty where there is none. */
  folder: string
  /** What it holds, and when each file was last written. */
  files: string
}

async function printOf(folder: string): Promise<Print> {
  try {
    const which = idOf(await stat(folder))
    const names = (await readdir(folder)).toSorted()
    const files = names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return `${name} ${found ? `${idOf(found)} ${found.mtimeMs} ${found.size}` : 'nothing'}`
    })
    return { folder: which, files: [which, ...(await Promise.all(files))].join('\n') }
  } catch {
    return { folder: '', files: '' }
  }
}

const idOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`
