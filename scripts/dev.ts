// As npm start, and starts again at every change of the code.
//
//   npm run dev
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseCommand } from './parse-command.ts'

parseCommand({})
const watched = ['functions', 'kafka', 'local', 'scripts'].map((folder) => `--watch-path=${folder}`)
const cache = ['--import', './scripts/start/compile-cache.js']
const child = spawn(process.execPath, [...cache, ...watched, 'scripts/start.ts'], {
  stdio: 'inherit',
})
// On Ctrl-C a terminal signals the child itself; SIGTERM reaches only this process.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
const [code] = await once(child, 'exit')
process.exitCode = code ?? 1
