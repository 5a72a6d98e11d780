// Reads one file of the folder of forms, if it is a file and no larger than a form may be.
import type { Stats } from 'node:fs'
import { constants, type FileHandle, open, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { maxFileBytes } from '../compile/form-file.ts'

/** What is there instead: completes "expected …". */
export type NoForm = { refused: string }

/** Throws what the system says of a file that is not there or must not be read. */
export async function readFormFile(file: string): Promise<Buffer | NoForm> {
  // Asked before it is opened: a socket cannot be, and opening may do something to a device.
  const refused = refusal(await stat(file))
  if (refused) return { refused }
  // Another thing may have the name by now: opening a pipe would wait for who writes into it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return await readOpened(handle)
  } finally {
    await handle.close()
  }
}

async function readOpened(handle: FileHandle): Promise<Buffer | NoForm> {
  const refused = refusal(await handle.stat())
  if (refused) return { refused }
  // The last byte that is asked for is one too many: the file may be growing.
  const bytes = await buffer(handle.createReadStream({ end: maxFileBytes, autoClose: false }))
  return bytes.length > maxFileBytes ? { refused: tooLarge('more') } : bytes
}

function refusal(found: Stats): string | undefined {
  if (!found.isFile()) return `a file, found ${fileKind(found)}`
  return found.size > maxFileBytes ? tooLarge(found.size) : undefined
}

const tooLarge = (found: number | string): string => `at most ${maxFileBytes} bytes, found ${found}`

/** What is there, in words. */
export function fileKind(found: Stats): string {
  if (found.isFile()) return 'a file'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}
