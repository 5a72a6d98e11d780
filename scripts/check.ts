// Checks formatting, lint, types, unit tests, forms and generated files, in under a minute.
//
//   npm run check
import { spawnSync } from 'node:child_process'
import { parseCommand } from './parse-command.ts'

parseCommand({})
const steps = [
  'biome check .',
  'tsc',
  'tsc -p tsconfig.browser.json',
  'npm run test:unit --silent',
  'npm run forms --silent -- check forms',
  'npm run generate --silent -- --check',
]
for (const step of steps) {
  const { status } = spawnSync(step, { shell: true, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
