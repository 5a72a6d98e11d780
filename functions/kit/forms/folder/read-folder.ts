// Reads the form files of a folder. Beside a file may lie its checked copy: the text of its last version that was right.
import { isUtf8 } from 'node:buffer'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileKind, readFormFile } from './read-file.ts'

/** Why a file could not be read. */
interface Unread {
  line: number
  /** Completes `<file>:<line>: `. */
  message: string
}

export interface FormText {
  text: string | Unread
  /** The text of the checked copy, if there is one. */
  checked?: string
}

/** Keyed by file name, including the folder. */
export type FormTexts = Map<string, FormText>

/** `demo.yaml.checked`: the name of the checked copy of `demo.yaml`. */
export const checkedName = (name: string): string => `${name}.checked`

export async function expectFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (found?.isDirectory()) return
  const kind = found ? fileKind(found) : 'none'
  throw new Error(`Expected a folder of forms at ${folder}, found ${kind}`)
}

/** `checkedIn`: the folder of the checked copies. In a ConfigMap they lie among the forms. */
export async function readFormTexts(folder: string, checkedIn = folder): Promise<FormTexts> {
  // Includes .yml, which is refused later with a message: ignoring it would leave its author guessing.
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.ya?ml$/.test(name))
  const copies = new Set(await readdir(checkedIn).catch(() => []))
  const found = names.map(async (name): Promise<[string, FormText] | undefined> => {
    const copy = checkedName(name)
    const [text, checked] = await Promise.all([
      readText(join(folder, name)),
      copies.has(copy) ? readText(join(checkedIn, copy)) : undefined,
    ])
    if (text === undefined) return undefined
    return [join(folder, name), { text, ...(typeof checked === 'string' && { checked }) }]
  })
  return new Map((await Promise.all(found)).filter((entry) => entry !== undefined))
}

/** Undefined if the file does not exist: it may have been deleted after the folder was listed. */
async function readText(file: string): Promise<string | Unread | undefined> {
  try {
    const bytes = await readFormFile(file)
    if ('refused' in bytes) return { line: 1, message: `expected ${bytes.refused}` }
    return isUtf8(bytes) ? bytes.toString() : notUtf8(bytes)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    return { line: 1, message: `expected a file that can be read, found: ${message}` }
  }
}

/** Finds the first line that is not UTF-8. Splitting at `\n` is safe: its byte is part of no other character. */
function notUtf8(bytes: Buffer): Unread {
  let line = 1
  for (let begin = 0; ; line++) {
    const end = bytes.indexOf('\n', begin)
    if (end < 0 || !isUtf8(bytes.subarray(begin, end))) break
    begin = end + 1
  }
  return { line, message: 'expected text in UTF-8, found bytes of another encoding' }
}
