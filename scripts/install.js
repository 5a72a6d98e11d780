// Imported first by every command of package.json: installs what is missing, and goes on with the project's own Node. Plain JavaScript:
// it runs on whatever Node is there.
import { execSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'

const own = 'node_modules/.bin/node'
const time = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (!time(own) || time('node_modules/.package-lock.json') < time('package-lock.json')) {
  console.error('Installing the packages that Formstream needs (once)…')
  // What a command prints may be read by a program: npm's words are none of it.
  execSync('npm ci --no-fund --no-audit --loglevel=error', { stdio: ['inherit', 2, 'inherit'] })
}

/** npm put the own Node before all others when it started this, but there was none yet. */
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
if (process.versions.node !== dependencies.node) {
  if (process.env.FORMSTREAM_OWN_NODE) {
    const found = `found ${process.versions.node}`
    throw new Error(`Expected ${own} to be Node ${dependencies.node}, ${found}: run npm install`)
  }
  const command = [...process.execArgv, ...process.argv.slice(1)]
  const child = spawn(own, command, {
    stdio: 'inherit',
    env: { ...process.env, FORMSTREAM_OWN_NODE: 'yes' },
  })
  // A terminal sends Ctrl-C to both; who ends this one means the other.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code] = await once(child, 'exit')
  process.exit(code ?? 1)
}

// Processes that this one starts may have another folder, where it does not lie.
const place = process.execArgv.indexOf('./scripts/install.js')
if (place > 0) process.execArgv.splice(place - 1, 2)
