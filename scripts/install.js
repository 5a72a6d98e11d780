// Installs what is missing before the first command of a fresh clone. Plain JavaScript: it runs on whatever Node is there.
import { execSync } from 'node:child_process'
import { statSync } from 'node:fs'

const time = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (
  !time('node_modules/.bin/node') ||
  time('node_modules/.package-lock.json') < time('package-lock.json')
) {
  console.log('Installing the packages that Formstream needs (once)…')
  execSync('npm ci --no-fund --no-audit --loglevel=error', { stdio: 'inherit' })
}
