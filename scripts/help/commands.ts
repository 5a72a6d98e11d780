// The commands of package.json, as the comments at the top of their scripts describe them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { helpOf } from '../parse-command.ts'

export interface Command {
  /** As typed in a shell, for example `npm run load`. */
  command: string
  summary: string
  /** The script, relative to the root of the repository; undefined if the command only runs other commands. */
  script?: string
  /** Usage and options; '' if the command takes no arguments. */
  usage: string
}

const root = join(import.meta.dirname, '../..')

/** In the order of package.json. */
export function readCommands(): Command[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.entries<string>(scripts).map(([name, line]) => {
    const command = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`
    const [script] = / (\S+\.ts)$/.exec(line)?.slice(1) ?? []
    const own = summaries[name]
    if (!script || own) return { command, summary: own ?? `Runs \`${line}\``, usage: '' }
    const [summary = '', ...usage] = helpOf(join(root, script)).split('\n')
    const text = usage.map((line) => line.replace(/^ {2}/, '')).join('\n')
    return { command, summary, script, usage: text.trim() }
  })
}

/** Summaries of commands without a script of their own. */
const summaries: Record<string, string> = {
  test: 'Runs the tests, with real processes and brokers, in about five minutes.',
  'test:unit': 'Runs the quick tests beside the code; they need neither Java nor Redis.',
  'test:faults':
    'Runs the long tests: outages under load, several instances, foreign producers, TLS.',
}
