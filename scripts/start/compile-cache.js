// Imported before everything else: compiled code is kept, so a later start is faster and does not hold the compiler in memory.
import { enableCompileCache } from 'node:module'

enableCompileCache(new URL('../../.cache/compile', import.meta.url).pathname)
