// The folder with all that is kept. There are people's answers and secrets in it, so it is its owner's alone, whatever the umask is.
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What this installation writes there. */
const ours =
  /^((log|sheets-buffer|sheets-emulator)\.sqlite(-wal|-shm|-journal)?|instance\.json(\.new)?|door-secret(\.\d+)?|checked-forms|kafka)$/

const open = 0o077
const sticky = 0o1000

/**
 * Makes the folder, and takes the rights of others off what is ours in it. A folder that holds something else too is somebody's:
 * its own rights stay. Answers what others may still do. From now on this process and those that it starts write for their owner
 * alone.
 */
export async function openDataFolder(folder: string): Promise<string[]> {
  process.umask(open)
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  const own = names.filter((name) => ours.test(name))
  await Promise.all(own.map((name) => expectOwned(join(folder, name))))
  const wide = (await Promise.all(own.map((name) => narrow(join(folder, name))))).flat()
  const { mode } = await lstat(join(folder, '.'))
  if (!(mode & open)) return wide
  const shared = own.length < names.length || Boolean(mode & sticky)
  if (!shared && (await close(folder, mode))) return wide
  return [`${folder} holds other files too, so others may still see the names in it`, ...wide]
}

/** Who owns a file can open it again, however it is closed; so what another user has put there is not taken for ours. */
async function expectOwned(path: string): Promise<void> {
  const found = await lstat(path).catch(ifGone)
  const user = process.geteuid?.()
  if (!found || user === undefined || found.uid === user) return
  throw new Error(
    `Expected ${path} to belong to the user that runs this (${user}), found user ${found.uid}: move it away, or give it to that user`,
  )
}

/** Answers what could not be closed. What a link leads to keeps its rights. */
async function narrow(path: string): Promise<string[]> {
  const found = await lstat(path).catch(ifGone)
  if (!found || found.isSymbolicLink()) return []
  const closed = !(found.mode & open) || (await close(path, found.mode))
  const wide = closed ? [] : [`${path} belongs to another user, so others may still open it`]
  if (!found.isDirectory()) return wide
  const names = (await readdir(path).catch(ifGone)) ?? []
  const below = await Promise.all(names.map((name) => narrow(join(path, name))))
  return [...wide, ...below.flat()]
}

/** False where it belongs to another user. */
async function close(path: string, mode: number): Promise<boolean> {
  try {
    await chmod(path, mode & 0o7777 & ~open)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false
    return ifGone(error as NodeJS.ErrnoException) ?? true
  }
}

/** Brokers that run remove files of theirs meanwhile. */
function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
