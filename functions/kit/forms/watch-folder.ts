// Says when a folder has changed, once for a group of changes and never twice at a time.
import { watch } from 'node:fs'

// Editors, and kubelet with its `..data` link, make several changes for one.
const quietMs = 100

/** The folder is watched, not its files: they are replaced, by rename or by a link, more often than written. */
export function watchFolder(folder: string, onChange: () => Promise<void>): { close(): void } {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watcher = watch(folder, { persistent: false }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(onChange)
    }, quietMs).unref()
  })
  return {
    close: () => {
      clearTimeout(timer)
      watcher.close()
    },
  }
}
