// The texts of scripts as they are on disk. A bundle has no files beside it, so scripts/build/bundle-plugins.ts replaces this module by one that
// holds them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const textOf = (path: string): string =>
  readFileSync(join(import.meta.dirname, path), 'utf8')
