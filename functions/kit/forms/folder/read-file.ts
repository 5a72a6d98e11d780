// Reads one file of a folder of forms, if it is a regular file and not too large.
import type { Stats } from 'node:fs'
import { constants, type FileHandle, open, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { maxFileBytes } from '../compile/form-file.ts'

/** Why the file was not read: completes "expected …". */
type NoForm = { refused: string }

/** Throws the system's error if the file does not exist or cannot be read. */
export async function readFormFile(file: string): Promise<Buffer | NoForm> {
  // Checked before opening: a socket cannot be opened, and opening a device may have effects.
  const refused = refusal(await stat(file))
  if (refused) return { refused }
  // The file may have been replaced meanwhile. O_NONBLOCK: opening a pipe would wait for a writer.
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
  // `end` is inclusive, so this reads one byte more than allowed, if there is one: the file may be growing.
  const bytes = await buffer(handle.createReadStream({ end: maxFileBytes, autoClose: false }))
  return bytes.length > maxFileBytes ? { refused: tooLarge('more') } : bytes
}

function refusal(found: Stats): string | undefined {
  if (!found.isFile()) return `a file, found ${fileKind(found)}`
  return found.size > maxFileBytes ? tooLarge(found.size) : undefined
}

const tooLarge = (found: number | string): string => `at most ${maxFileBytes} bytes, found ${found}`

/** Such as "a folder", for messages. */
export function fileKind(found: Stats): string {
  if (found.isFile()) return 'a file'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}
