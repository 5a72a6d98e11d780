// The texts of the Lua scripts. A bundle has no files beside it, so scripts/build/bundle-plugins.ts replaces this module by one that holds them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const readLua = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'lua', `${name}.lua`), 'utf8')
