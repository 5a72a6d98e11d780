// Runs the programs in kafka/examples, in Node and in Python.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

export type Language = 'Node' | 'Python'

const root = join(import.meta.dirname, '..')
const examples = join(root, 'kafka', 'examples')
const programs = {
  Node: { run: process.execPath, ending: 'ts' },
  Python: { run: findPython(), ending: 'py' },
}

export const canRun = (language: Language): boolean => programs[language].run !== undefined

/** Python in a virtual environment with the packages of the examples; undefined, with a warning, if it cannot be created. */
function findPython(): string | undefined {
  const home = join(root, '.cache', 'python')
  const python = join(home, 'bin', 'python')
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 })
  const wanted = ['--only-binary', ':all:', '-r', join(examples, 'requirements.txt')]
  try {
    if (!existsSync(python)) run('python3', '-m', 'venv', home)
    run(python, '-m', 'pip', 'install', '-q', ...wanted)
    return python
  } catch (error) {
    console.warn(`The examples in Python are skipped: ${(error as Error).message}`)
    return undefined
  }
}

const commandOf = (language: Language, name: 'produce' | 'consume'): [string, string] => {
  const { run, ending } = programs[language]
  return [run as string, join(examples, `${name}.${ending}`)]
}

const environment = (brokers: string) => ({
  env: { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: brokers },
})

/** Resolves with the id that the program prints. */
export async function produce(
  language: Language,
  brokers: string,
  ...items: string[]
): Promise<string> {
  const [run, program] = commandOf(language, 'produce')
  const { stdout } = await promisify(execFile)(run, [program, ...items], environment(brokers))
  return stdout.trim()
}

/** Lines that the program prints up to the event with the id `until`. Then stops it by SIGTERM. */
export async function consume(
  language: Language,
  brokers: string,
  { topic, group, until }: Record<'topic' | 'group' | 'until', string>,
): Promise<string[]> {
  const [run, program] = commandOf(language, 'consume')
  const child = spawn(run, [program, topic, group], { ...environment(brokers), stdio: 'pipe' })
  const ended = once(child, 'exit')
  child.stderr.resume()
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (JSON.parse(line).id === until) child.kill('SIGTERM')
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`Expected ${program} to exit with 0, found ${code}`)
  return lines
}
