// Reports changes of a folder: once for several changes in quick succession, and never two reports at a time.
import { type FSWatcher, type Stats, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

// Editors, and kubelet with its `..data` link, make several changes for one edit.
const quietMs = 100
// Some changes cause no event: to the target of a link, by replacing the folder itself, and on a network file system.
const defaultPollMs = 5000

/** Watches the folder rather than its files: these are mostly replaced, by a rename or a link, not written to. */
export function watchFolder(
  folder: string,
  onChange: () => Promise<void>,
  pollMs = defaultPollMs,
): { close(): void } {
  return new FolderWatch(folder, onChange, pollMs)
}

class FolderWatch {
  #folder: string
  #onChange: () => Promise<void>
  #watcher: FSWatcher
  #state: Promise<FolderState>
  #timer: NodeJS.Timeout | undefined
  #running = Promise.resolve()
  #polling: NodeJS.Timeout
  #closed = false

  constructor(folder: string, onChange: () => Promise<void>, pollMs: number) {
    this.#folder = folder
    this.#onChange = onChange
    this.#watcher = this.#watch()
    this.#state = readState(folder)
    this.#polling = setInterval(() => void this.#poll(), pollMs).unref()
  }

  #watch(): FSWatcher {
    const watcher = watch(this.#folder, { persistent: false }, () => this.#changed())
    // Polling goes on without the watcher.
    return watcher.on('error', () => watcher.close())
  }

  #changed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(this.#onChange)
    }, quietMs).unref()
  }

  async #poll(): Promise<void> {
    const before = await this.#state
    const now = await readState(this.#folder)
    if (this.#closed || now.files === before.files) return
    this.#state = Promise.resolve(now)
    if (now.folder !== before.folder) this.#watchAgain()
    this.#changed()
  }

  /** Another folder has the name now. */
  #watchAgain(): void {
    this.#watcher.close()
    try {
      this.#watcher = this.#watch()
    } catch {
      // The folder has gone again. A later poll finds its successor.
    }
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#polling)
    clearTimeout(this.#timer)
    this.#watcher.close()
  }
}

interface FolderState {
  /** Device and inode of the folder; empty if there is none. */
  folder: string
  /** The folder, and for each file its inode, time of change and size. */
  files: string
}

async function readState(folder: string): Promise<FolderState> {
  try {
    const folderId = idOf(await stat(folder))
    const names = (await readdir(folder)).toSorted()
    const files = names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return `${name} ${found ? `${idOf(found)} ${found.mtimeMs} ${found.size}` : 'nothing'}`
    })
    return { folder: folderId, files: [folderId, ...(await Promise.all(files))].join('\n') }
  } catch {
    return { folder: '', files: '' }
  }
}

const idOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`
