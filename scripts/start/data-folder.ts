// The folder with all data of an instance. It holds people's answers and secrets, so only its owner may read it, whatever the umask.
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Names of the files and folders that Formstream writes there. */
const ours =
  /^((log|mail-records|mailbox|places|receipts|sheets-buffer|sheets-emulator|[a-z0-9-]+-effects)\.sqlite(-wal|-shm|-journal)?|instance\.json(\.new)?|(door|form)-secret(\.\d+)?|checked-forms|kafka|spool)$/

/** Mode bits of group and others. */
const groupAndOthers = 0o077
const sticky = 0o1000

/**
 * Makes the folder, and removes the rights of group and others on Formstream's files in it. A folder that holds other files too, or
 * is sticky like /tmp, keeps its own rights. Returns what others can still see, as warnings. Also sets the umask, so that this
 * process and its children write files for their owner only.
 */
export async function openDataFolder(folder: string): Promise<string[]> {
  process.umask(groupAndOthers)
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  const own = names.filter((name) => ours.test(name))
  await Promise.all(own.map((name) => expectOwned(join(folder, name))))
  const warnings = (await Promise.all(own.map((name) => restrictTree(join(folder, name))))).flat()
  const { mode } = await lstat(join(folder, '.'))
  if (!(mode & groupAndOthers)) return warnings
  const shared = own.length < names.length || Boolean(mode & sticky)
  if (!shared && (await restrict(folder, mode))) return warnings
  return [`${folder} holds other files too, so others may still see the names in it`, ...warnings]
}

/** The owner of a file can change its rights back, so a file that another user owns is refused. */
async function expectOwned(path: string): Promise<void> {
  const found = await lstat(path).catch(ignoreMissing)
  const user = process.geteuid?.()
  if (!found || user === undefined || found.uid === user) return
  throw new Error(
    `Expected ${path} to belong to the user that runs this (${user}), found user ${found.uid}: move it away, or give it to that user`,
  )
}

/** Returns a warning for each file that stays readable. Does not follow links. */
async function restrictTree(path: string): Promise<string[]> {
  const found = await lstat(path).catch(ignoreMissing)
  if (!found || found.isSymbolicLink()) return []
  const restricted = !(found.mode & groupAndOthers) || (await restrict(path, found.mode))
  const warnings = restricted
    ? []
    : [`${path} belongs to another user, so others may still open it`]
  if (!found.isDirectory()) return warnings
  const names = (await readdir(path).catch(ignoreMissing)) ?? []
  const below = await Promise.all(names.map((name) => restrictTree(join(path, name))))
  return [...warnings, ...below.flat()]
}

/** False if the file belongs to another user. */
async function restrict(path: string, mode: number): Promise<boolean> {
  try {
    await chmod(path, mode & 0o7777 & ~groupAndOthers)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false
    return ignoreMissing(error as NodeJS.ErrnoException) ?? true
  }
}

/** Brokers that run may remove their files meanwhile. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
