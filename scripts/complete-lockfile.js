// Completes package-lock.json. Run it after `npm install`: node scripts/complete-lockfile.js
//
// Adds the platform packages (of biome, swc, …) that npm left out because its registry did not have them: `npm ci` refuses a lockfile
// without them, on every platform. Asks the registry for missing hashes, so that `npm ci` refuses another package under a name.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const file = 'package-lock.json'
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32']

/** The platform in a name such as @biomejs/cli-linux-x64-musl. */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (!os || !cpu) return undefined
  const musl = words.some((word) => word.startsWith('musl'))
  return { cpu: [cpu], os: [os], ...(os === 'linux' && { libc: [musl ? 'musl' : 'glibc'] }) }
}

const added = []
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const platform = platformOf(name)
    if (!platform || lock.packages[`node_modules/${name}`]) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(dev && { dev }),
      optional: true,
    }
    added.push(name)
  }
}
let hashed = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.integrity) continue
  const name = `${path.split('node_modules/').at(-1)}@${entry.version}`
  const found = execFileSync('npm', ['view', name, 'dist.integrity'], { encoding: 'utf8' }).trim()
  if (!found) throw new Error(`Expected the registry to know the hash of ${name}, found none`)
  entry.integrity = found
  hashed += 1
}
const [root, ...packages] = Object.entries(lock.packages)
packages.sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries([root, ...packages])
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${file}: ${added.length} platform packages added, ${hashed} hashes added`)
