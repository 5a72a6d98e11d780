// Parses the arguments of a command. The comment at the top of the command's script is what `--help` prints.
import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** A wrong argument: the command exits with 2. After any other error it exits with 1. */
export class UsageError extends Error {}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>

/**
 * Refuses options other than `options`, and more than `maxPositionals` other arguments. From here on the process exits with the
 * message of an uncaught error: a stack trace would not help the person who typed the command.
 */
export function parseCommand<const Options extends ParseArgsOptionsConfig>(
  options: Options,
  maxPositionals = 0,
): Parsed<Options> {
  process.on('uncaughtException', (error) => {
    const wrongUsage = error instanceof UsageError
    console.error(wrongUsage ? `${error.message}\n--help shows the arguments` : error.message)
    process.exit(wrongUsage ? 2 : 1)
  })
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpOf(process.argv[1] as string))
    process.exit()
  }
  const parsed = parse(args, options)
  const unexpected = parsed.positionals[maxPositionals]
  if (unexpected === undefined) return parsed
  const expected = maxPositionals === 0 ? 'no arguments' : `at most ${maxPositionals} arguments`
  throw new UsageError(`Expected ${expected}, found "${unexpected}"`)
}

function parse<const Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(message)
    const known = [...Object.keys(options), 'help'].map((name) => `--${name}`)
    const [, found] = /'(-[^']*)'/.exec(message) ?? []
    throw new UsageError(`Expected one of the options ${known.join(', ')}, found ${found}`)
  }
}

/** The comment at the top of a script: one line on what the command does, then its usage and options. */
export function helpOf(script: string): string {
  const lines = readFileSync(script, 'utf8').split('\n')
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('//')),
  )
  return comment.map((line) => line.replace(/^\/\/ ?/, '')).join('\n')
}
