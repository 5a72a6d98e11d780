// The Lua scripts of the buffer. Redis runs each as a whole. Arguments and results: see the head of each file in lua/.
import { readLua } from './read-lua.ts'

/** EVAL sends the whole text each time, so without its comments. */
const lua = (name: string): string => readLua(name).replaceAll(/^ *--.*\n/gm, '')

const ledger = lua('shared-ledger')
const entries = ledger + lua('shared-entries')

export const addEntries = entries + lua('add-entries')
export const removeEntries = entries + lua('remove-entries')
export const moveEntries = entries + lua('move-entries')
export const countWaiting = lua('count-waiting')
export const sortWaiting = entries + lua('sort-waiting')

export const renewLease = lua('renew-lease')
export const releaseLease = lua('release-lease')
export const takeCall = lua('take-call')

export const openLedger = ledger + lua('open-ledger')
export const readLedger = ledger + lua('read-ledger')
export const findRows = ledger + lua('find-rows')
export const beginBatch = ledger + lua('begin-batch')
export const endBatch = ledger + lua('end-batch')
export const putRows = ledger + lua('put-rows')
export const newSection = ledger + lua('new-section')
export const confirmPart = ledger + lua('confirm-part')
