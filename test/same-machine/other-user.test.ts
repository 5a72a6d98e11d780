// Another user of this machine can read no file in the data folder. The processes that `npm start` starts get no secret they do not need.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, lstat, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { command } from '../command.ts'
import { type Running, startInstance } from '../instance.ts'
import { describeOnKafka } from '../on-kafka.ts'

const nobody = 65_534
const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('Skipped: the tests as another user need root')

const describeAsRoot = isRoot ? describe : describe.skip
let folder: string
let dataDir: string
let umask: number

beforeAll(async () => {
  umask = process.umask(0)
  folder = await mkdtemp(join(tmpdir(), 'formstream-user-'))
  // Another user can reach the data folder itself.
  await chmod(folder, 0o755)
  dataDir = join(folder, 'data')
})
afterAll(async () => {
  process.umask(umask)
  await rm(folder, { recursive: true, force: true })
})

/** The files and folders that the user `nobody` can read or write. */
function openToNobody(paths: string[]): string[] {
  const look = 'for path; do if [ -r "$path" ] || [ -w "$path" ]; then echo "$path"; fi; done'
  const ids = { uid: nobody, gid: nobody }
  const { stdout } = spawnSync('sh', ['-c', look, 'sh', ...paths], { ...ids, cwd: '/' })
  return String(stdout).split('\n').filter(Boolean)
}

/** The folder and all that is in it. */
function pathsIn(data: string): string[] {
  return [data, ...readdirSync(data, { recursive: true }).map((path) => join(data, String(path)))]
}

async function expectPrivate(data: string): Promise<void> {
  const paths = pathsIn(data)
  // /etc/passwd shows that the user can read at all.
  expect(openToNobody([...paths, '/etc/passwd'])).toEqual(['/etc/passwd'])
  for (const path of paths) {
    const found = await lstat(path).catch(() => undefined)
    expect([path, (found?.mode ?? 0) & 0o077]).toEqual([path, 0])
  }
}

async function submit({ endpoint }: Running): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ item1: 'private', item2: 'too' })
  const answer = await fetch(`${endpoint}/forms/demo`, { method: 'POST', headers, body })
  expect(answer.status).toBe(202)
}

/** Resolves when `rows` rows have been written. */
async function waitForRows(instance: Running, rows: number): Promise<void> {
  for await (const _ of connectInstance(instance).watch('forms.recorded', { from: 'earliest' })) {
    rows -= 1
    if (rows === 0) return
  }
}

describeAsRoot('npm start with umask 0', () => {
  const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2'
  let instance: Running
  const start = async () => {
    instance = await startInstance(dataDir, {
      AWS_SECRET_ACCESS_KEY: secret,
      DATABASE_URL: `postgres://a:${secret}@127.0.0.1/a`,
      SHEETS_TIMEOUT_MS: '12345',
      // The data stays private even if the endpoint and the emulator are public.
      HOST: '0.0.0.0',
      SHEETS_EMULATOR_HOST: '0.0.0.0',
    })
  }
  afterEach(async () => void (await instance.stop()))

  test('another user can read none of its files, even those that were readable before; no child process gets a secret it does not need', async () => {
    await start()
    await submit(instance)
    await waitForRows(instance, 1)
    await expectPrivate(dataDir)
    expect(pathsIn(dataDir).length).toBeGreaterThan(8)
    await expectEnvironments()
    await instance.stop()

    spawnSync('chmod', ['-R', 'a+rwX', dataDir])
    expect(openToNobody(pathsIn(dataDir))).toEqual(pathsIn(dataDir))
    await start()
    await submit(instance)
    await waitForRows(instance, 2)
    await expectPrivate(dataDir)
  }, 120_000)

  async function expectEnvironments(): Promise<void> {
    const functions = await connectInstance(instance).functions()
    const { sheets = 0, validation = 0 } = functions
    const pids = [...childrenOf(instance.pid), ...Object.values(functions)]
    // The Sheets emulator and the mailbox.
    expect(pids.filter((pid) => !Object.values(functions).includes(pid))).toHaveLength(2)
    for (const pid of pids) expect(environmentOf(pid)).not.toContain(secret)
    expect(environmentOf(instance.pid)).toContain(secret)
    expect(environmentOf(sheets)).toContain('SHEETS_TIMEOUT_MS=12345')
    expect(environmentOf(sheets)).not.toContain('DOOR_SECRET=')
    expect(environmentOf(validation)).toContain('DOOR_SECRET=')
  }
})

const environmentOf = (pid: number): string => readFileSync(`/proc/${pid}/environ`, 'utf8')

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

describeOnKafka('npm run kafka with umask 0', () => {
  const testAsRoot = isRoot ? test : test.skip
  testAsRoot(
    'another user can read none of the files of the brokers',
    async () => {
      process.env.KAFKA_PORT = '29192'
      const data = join(folder, 'with-kafka')
      try {
        await command(data, 'scripts/kafka.ts', 'start', '1')
        await expectPrivate(data)
        expect(pathsIn(data).length).toBeGreaterThan(5)
      } finally {
        await command(data, 'scripts/kafka.ts', 'stop')
        delete process.env.KAFKA_PORT
      }
    },
    90_000,
  )
})
