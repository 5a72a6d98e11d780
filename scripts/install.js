// Imported first by every command of package.json: installs missing packages, then makes sure that the command runs on the Node
// version of package.json. Plain JavaScript, as it has to run on any Node.
import { execSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readFileSync, statSync } from 'node:fs'

const own = 'node_modules/.bin/node'
const time = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (!time(own) || time('node_modules/.package-lock.json') < time('package-lock.json')) {
  // npm ci would empty the folder that the link leads to, which another checkout may be using.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      'Expected node_modules to have the packages of package-lock.json, found a link to a folder with others: run npm ci there, or remove the link',
    )
    process.exit(1)
  }
  console.error('Installing the packages of package-lock.json. This takes about a minute, once.')
  // npm's output goes to stderr, as another program may read the stdout of a command. On a terminal npm shows that it is working.
  execSync('npm ci --no-fund --no-audit --loglevel=error', { stdio: ['inherit', 2, 'inherit'] })
  console.error(`Installed in ${Math.round(performance.now() / 1000)} s.`)
}

// npm puts node_modules/.bin first in PATH, but before the first install there was no Node in it.
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
  // On Ctrl-C a terminal signals the child itself; SIGTERM reaches only this process.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  // npm does not pass on a SIGTERM that only npm receives, and the shell between them ends without a word.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000).unref()
  }
  const [code] = await once(child, 'exit')
  process.exit(code ?? 1)
}

// Child processes inherit execArgv, but in another working directory this relative path leads nowhere.
const index = process.execArgv.indexOf('./scripts/install.js')
if (index > 0) process.execArgv.splice(index - 1, 2)
