// Lists the commands with one line on each. `npm run <command> -- --help` shows the arguments of one.
import { readCommands } from './help/commands.ts'
import { parseCommand } from './parse-command.ts'

parseCommand({})
const commands = readCommands()
const width = Math.max(...commands.map(({ command }) => command.length))
for (const { command, summary } of commands) console.log(`${command.padEnd(width)}  ${summary}`)
