// docs/tasks.md leads from nothing to a deployed task: its files are written and its commands run, in order, in a copy of the repository.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Running, startInstance } from './instance.ts'

interface Block {
  /** `sh`, or the language of a file. */
  language: string
  /** Where the page says that the text belongs; undefined for commands and examples. */
  file: string | undefined
  text: string
}

const page = readFileSync('docs/tasks.md', 'utf8')
const blocks: Block[] = [...page.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(
  ([, language = '', file, text = '']) => ({ language, file: file || undefined, text }),
)

type Step = [title: string, run: () => Promise<void>]

const steps: Step[] = blocks.flatMap(({ language, file, text }): Step[] => {
  if (file) return [[`the file ${file}`, () => writeFile(join(copy, file), text)]]
  if (language !== 'sh') return []
  const lines = text.trimEnd().split('\n')
  return lines.map((line) => [line, () => runLine(line)])
})

let folder: string
let copy: string
let environment: NodeJS.ProcessEnv
let instance: Running | undefined
let command: ChildProcess | undefined
/** Of the submission that the page sends. */
let submission: string | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-tasks-page-'))
  copy = join(folder, 'copy')
  await copyRepository()
  await installFakes()
  environment = {
    ...process.env,
    NODE_OPTIONS: '',
    // Set by Jest and by npm for this test; the commands of the page set their own.
    JEST_WORKER_ID: undefined,
    NODE_ENV: undefined,
    npm_config_local_prefix: undefined,
    DATA_DIR: join(folder, 'data'),
    PATH: [join(folder, 'bin'), resolve('node_modules/.bin'), process.env.PATH].join(delimiter),
  }
}, 60_000)
afterAll(async () => {
  if (command) endGroup(command)
  await instance?.stop()
  await rm(folder, { recursive: true })
}, 60_000)

/** What is not part of the repository. Packages and Kafka are shared with the copy. */
const others = ['.git', 'node_modules', '.cache', 'data', 'dist']

async function copyRepository(): Promise<void> {
  await mkdir(copy)
  for (const part of (await readdir('.')).filter((name) => !others.includes(name))) {
    await cp(part, join(copy, part), { recursive: true })
  }
  // No command runs if the lockfile is newer than the packages: nothing is installed through a link.
  await utimes(join(copy, 'package-lock.json'), 0, 0)
  for (const shared of ['node_modules', '.cache']) {
    await mkdir(shared, { recursive: true })
    await symlink(resolve(shared), join(copy, shared))
  }
}

/** Programs that need a cluster. They accept only folders that are there. */
async function installFakes(): Promise<void> {
  const takesFolder = (option: string) => `#!/bin/sh
[ "$1" = version ] && exit
while [ "$1" != ${option} ]; do shift; done
[ -d "$2" ] || { echo "no folder $2" >&2; exit 1; }
`
  await mkdir(join(folder, 'bin'))
  for (const [name, option] of [
    ['func', '--path'],
    ['kubectl', '-k'],
  ] as const) {
    await writeFile(join(folder, 'bin', name), takesFolder(option), { mode: 0o755 })
  }
}

async function runLine(line: string): Promise<void> {
  if (line === 'npm start') {
    const own = { PATH: environment.PATH as string }
    instance = await startInstance(environment.DATA_DIR as string, own, copy)
    return
  }
  const script = line
    .replace('http://127.0.0.1:8080', instance?.endpoint ?? '')
    .replaceAll(/\bID\b/g, submission ?? 'ID')
  const child = spawn('bash', ['-c', script], {
    cwd: copy,
    env: environment,
    // In its own process group, so that a signal also reaches what npm started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  command = child
  if (/ tail /.test(line)) return expectEvent(child)
  const [output, errors] = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${line} ended with ${code}:\n${await output}${await errors}`)
  if (line.startsWith('curl ')) submission = JSON.parse(await output).id
}

/** Waits for the first event that a command prints, then ends the command. */
async function expectEvent(child: ChildProcess): Promise<void> {
  for await (const piece of child.stdout?.setEncoding('utf8') ?? []) {
    if (!piece.includes('"subject"')) continue
    expect(piece).toContain(submission)
    break
  }
  endGroup(child)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** A step that took too long must not go on after the test. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (exitCode === null && signalCode === null) process.kill(-(pid as number), 'SIGTERM')
}

test('the page has steps', () => {
  expect(steps.length).toBeGreaterThan(10)
})

// A step needs the ones before it.
test.each(steps)('%s', (_line, run) => run(), 180_000)

test('the code of the page compiles, and is as Biome formats it', async () => {
  const part = { extends: './tsconfig.json', include: ['functions/shout'] }
  await writeFile(join(copy, 'tsconfig.part.json'), JSON.stringify(part))
  await runLine('tsc -p tsconfig.part.json --incremental false --tsBuildInfoFile null')
  await runLine('biome check --vcs-enabled=false functions/shout')
}, 180_000)
