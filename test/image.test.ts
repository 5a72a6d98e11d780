// The image that knative/Containerfile builds from a bundle: its contents and labels, and that it runs alone as an unprivileged user.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { submissionValidated } from '#kafka/events.ts'
import { eventOf, wireOf } from '#kit/events.fixture.ts'
import { type Sink, startSink } from './bundle-process.ts'
import { buildahWorks, buildImages } from './cluster/images.ts'

const run = promisify(execFile)
const canBuild = buildahWorks && process.getuid?.() === 0
if (!canBuild) console.warn('Skipped: images need root and buildah (apt-get install buildah)')

interface Image {
  files: string[][]
  config: {
    Entrypoint: string[]
    Env: string[]
    User: string
    WorkingDir: string
    Labels: Record<string, string>
  }
}

let folder: string
let root: string
let image: Image
let sink: Sink
let child: ChildProcess | undefined

/** Extracts the layers of an image into `root`, in their order. */
async function unpack(archive: string): Promise<Image> {
  const parts = await mkdtemp(join(folder, 'parts-'))
  await run('tar', ['-xf', archive, '-C', parts])
  const read = async (name: string) => JSON.parse(await readFile(join(parts, name), 'utf8'))
  const [manifest] = await read('manifest.json')
  expect(manifest.RepoTags).toEqual(['dev.local/formstream/slang:test'])
  const files: string[][] = []
  for (const layer of manifest.Layers) {
    const { stdout } = await run('tar', ['-xvf', join(parts, layer), '-C', root])
    files.push(stdout.split('\n').filter((path) => path !== '' && !path.endsWith('/')))
  }
  return { files, config: (await read(manifest.Config)).config }
}

/** Starts the image as a container runtime would: its root, folder, environment, user and entrypoint. */
function start(environment: Record<string, string>): ChildProcess {
  const { Entrypoint, Env, User, WorkingDir } = image.config
  const [user, group] = User.split(':') as [string, string]
  const ofImage = Object.fromEntries(Env.map((entry) => entry.split(/=(.*)/s)))
  const asUser = ['--setgid', group, '--setuid', user]
  const env = { ...ofImage, ...environment }
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const
  return spawn('unshare', ['--root', root, '--wd', WorkingDir, ...asUser, ...Entrypoint], {
    env,
    stdio: [...stdio],
  })
}

/** Resolves with the URL once the function listens. */
async function listening(started: ChildProcess): Promise<string> {
  const ended = once(started, 'exit').then(([code]) => {
    throw new Error(`Expected the function to listen, found that it exited with ${code}`)
  })
  const [message] = await Promise.race([once(started, 'message'), ended])
  return `http://127.0.0.1:${message.listening}`
}

;(canBuild ? describe : describe.skip)('the image of slang', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-image-'))
    root = join(folder, 'root')
    sink = await startSink()
    await mkdir(root)
    const origin = { VERSION: '0.1.0', REVISION: 'abc', SOURCE: 'https://example.org/a.git' }
    const archives = await buildImages({ names: ['slang'], tag: 'test', folder, origin })
    image = await unpack(archives.slang as string)
  }, 120_000)
  afterAll(async () => {
    child?.kill('SIGKILL')
    sink.close()
    await rm(folder, { recursive: true })
  })

  test('adds only the two files of the bundle to its base, so it has no npm and no shell', () => {
    const [base, added, ...more] = image.files
    expect(added).toEqual(['function/index.js', 'function/package.json'])
    expect(more).toEqual([])
    const others = base?.filter((path) => !/^(usr\/)?lib(64)?\/.*\.so[.\d]*$/.test(path))
    expect(others?.toSorted()).toEqual([
      'etc/nsswitch.conf',
      'etc/ssl/certs/ca-certificates.crt',
      'nodejs/bin/node',
    ])
  })

  test('sets user, port and entrypoint, and has no command of its base', () => {
    expect(image.config).toMatchObject({
      User: '65532:65532',
      WorkingDir: '/function',
      ExposedPorts: { '8080/tcp': {} },
      Env: expect.arrayContaining(['HOST=0.0.0.0']),
      Entrypoint: ['node', '--max-semi-space-size=8', 'index.js'],
    })
    expect(image.config).not.toHaveProperty('Cmd')
  })

  test('has labels with name, version, revision and source, but no build time', () => {
    const labels = Object.entries(image.config.Labels)
    const known = labels.filter(([name]) => name.startsWith('org.opencontainers.image.'))
    expect(Object.fromEntries(known)).toEqual({
      'org.opencontainers.image.title': 'formstream slang',
      'org.opencontainers.image.version': '0.1.0',
      'org.opencontainers.image.revision': 'abc',
      'org.opencontainers.image.source': 'https://example.org/a.git',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    })
  })

  test('runs alone: it handles an event, publishes the result, and exits with 0 on SIGTERM', async () => {
    await mkdir(join(root, 'forms'))
    const form =
      'title: Demo\nfields:\n  item1: { type: text }\ntasks:\n  slang: { fields: [item1] }\n'
    await writeFile(join(root, 'forms/demo.yaml'), form)
    child = start({ PORT: '0', LOG_LEVEL: 'error', FORMS_DIR: '/forms', K_SINK: sink.url })
    const exited = once(child, 'exit')
    const url = await listening(child)
    expect((await fetch(`${url}/health/readiness`)).status).toBe(200)
    expect(await readFile(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Uid:\t65532\t65532\t/m)
    const event = eventOf(submissionValidated({ version: 'v', answers: { item1: 'you bastard' } }))
    expect((await fetch(url, { method: 'POST', ...wireOf(event) })).status).toBe(204)
    expect(sink.events).toMatchObject([
      { id: 's-1.slang.0', data: { findings: [{ field: 'item1', term: 'bastard' }] } },
    ])
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})
