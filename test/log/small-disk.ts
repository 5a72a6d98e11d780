import { execFileSync } from 'node:child_process'

const megabytes = 4

/** A disk that a test can fill. */
export const smallDisk = {
  bytes: megabytes * 2 ** 20,

  /** Mounts it on the folder. False, with a warning, if this user may not mount. */
  mount(folder: string): boolean {
    try {
      const size = `size=${megabytes}m`
      execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'formstream', folder], { stdio: 'ignore' })
      return true
    } catch {
      console.warn('Skipped: the test of a full disk, because this user may not mount a small one')
      return false
    }
  },
}
