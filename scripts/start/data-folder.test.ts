// Only the owner can read the data folder, whatever the umask is and whatever was there before.
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDataFolder } from './data-folder.ts'

let folder: string
let umask: number
beforeEach(async () => {
  umask = process.umask(0)
  folder = await mkdtemp(join(tmpdir(), 'formstream-folder-'))
})
afterEach(async () => {
  process.umask(umask)
  await rm(folder, { recursive: true })
})

const modeOf = async (path: string) => (await lstat(path)).mode & 0o7777

/** Files with rights for everybody, as an earlier version wrote them. */
async function writeReadable(data: string, names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(data, name, '..'), { recursive: true, mode: 0o777 })
    await writeFile(join(data, name), 'private', { mode: 0o666 })
  }
}

const ours = [
  ...['log.sqlite', 'log.sqlite-wal', 'log.sqlite-shm', 'sheets-buffer.sqlite'],
  ...['mailbox.sqlite', 'places.sqlite', 'receipts.sqlite'],
  ...['mail-records.sqlite', 'confirmation-effects.sqlite-wal', 'webhook-gone-effects.sqlite'],
  ...[
    'sheets-emulator.sqlite-wal',
    'instance.json',
    'door-secret',
    'form-secret',
    'checked-forms/a.yaml.checked',
  ],
  ...['kafka/broker-1/server.properties', 'kafka/broker-1/data/forms.submitted-0/0.log'],
]

test('a missing folder is made for its owner only, and so are files written later', async () => {
  const data = join(folder, 'a', 'data')
  expect(await openDataFolder(data)).toEqual([])
  await writeFile(join(data, 'later'), '')
  expect(await modeOf(join(folder, 'a'))).toBe(0o700)
  expect(await modeOf(data)).toBe(0o700)
  expect(await modeOf(join(data, 'later'))).toBe(0o600)
})

test('rights that an earlier version left are removed, also from the folder', async () => {
  const data = join(folder, 'data')
  await writeReadable(data, ours)
  expect(await modeOf(join(data, 'log.sqlite'))).toBe(0o666)
  expect(await openDataFolder(data)).toEqual([])
  expect(await modeOf(data)).toBe(0o700)
  for (const path of await readdir(data, { recursive: true })) {
    const kind = await lstat(join(data, path))
    expect([path, kind.mode & 0o777]).toEqual([path, kind.isDirectory() ? 0o700 : 0o600])
  }
})

test('in a folder with other files only ours lose rights, and a warning says so', async () => {
  const others = ['thesis.odt', 'logs/log.sqlite', 'log.sqlite.bak']
  await chmod(folder, 0o755)
  await writeReadable(folder, [...ours, ...others])
  expect(await openDataFolder(folder)).toEqual([
    `${folder} holds other files too, so others may still see the names in it`,
  ])
  expect(await modeOf(folder)).toBe(0o755)
  for (const name of ours) expect([name, await modeOf(join(folder, name))]).toEqual([name, 0o600])
  for (const name of others) expect([name, await modeOf(join(folder, name))]).toEqual([name, 0o666])
})

test('the target of a link keeps its rights', async () => {
  const data = join(folder, 'data')
  await writeReadable(data, ['log.sqlite'])
  await writeReadable(folder, ['elsewhere/file'])
  await symlink(join(folder, 'elsewhere'), join(data, 'kafka'))
  await symlink(join(folder, 'elsewhere', 'file'), join(data, 'door-secret'))
  await openDataFolder(data)
  expect(await modeOf(join(folder, 'elsewhere', 'file'))).toBe(0o666)
  expect(await modeOf(join(folder, 'elsewhere'))).toBe(0o777)
})

test('a sticky folder such as /tmp keeps its rights even if it is empty', async () => {
  const data = join(folder, 'tmp')
  await mkdir(data)
  await chmod(data, 0o1777)
  expect(await openDataFolder(data)).toEqual([expect.stringContaining(data)])
  expect(await modeOf(data)).toBe(0o1777)
})

const asRoot = process.getuid?.() === 0 ? test : test.skip

asRoot.each(['log.sqlite', 'door-secret', 'kafka'])(
  '%s of another user is refused, and nothing is changed',
  async (name) => {
    await writeReadable(folder, ['log.sqlite', 'door-secret', 'kafka/broker-1/a'])
    await chown(join(folder, name), 65_534, 65_534)
    await expect(openDataFolder(folder)).rejects.toThrow(
      `Expected ${join(folder, name)} to belong to the user that runs this (0), found user 65534`,
    )
    expect(await modeOf(join(folder, 'kafka/broker-1/a'))).toBe(0o666)
  },
)
