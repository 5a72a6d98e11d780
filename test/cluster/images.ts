// Container images of functions, as archives that a cluster's containerd imports: of Node's own file and its libraries, so no registry.
import { execFile, spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../scripts/build/bundle.ts'
import { selectFunctions } from '../../scripts/build/select-functions.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

/** Made once, and kept in `.cache/images`. */
const base = `localhost/formstream-node:${process.versions.node}`

// Chroot and vfs ask least of the kernel: nothing is run, and one layer lies on another.
const storage = join(root, '.cache/images')
const kept = ['--root', storage, '--runroot', join(storage, 'run'), '--storage-driver', 'vfs']
const options = ['--quiet', '--isolation', 'chroot', '--build-arg', `BASE=${base}`]

/** False where it is not installed, or may not do what it does. */
export const buildahWorks = spawnSync('buildah', [...kept, 'images']).status === 0

export interface Wanted {
  /** None: all functions. */
  names: string[]
  tag: string
  /** Takes the bundles, and the archives beside them. */
  folder: string
  /** Said by the labels of the images. */
  origin?: Record<'VERSION' | 'REVISION' | 'SOURCE', string>
}

/** The archive of each function's image `dev.local/formstream/<name>:<tag>`. */
export async function buildImages(wanted: Wanted): Promise<Record<string, string>> {
  const { names, tag, folder, origin = {} } = wanted
  if (!(await buildah('images', '--format', '{{.Name}}:{{.Tag}}')).includes(`${base}\n`)) {
    await makeBase()
  }
  const archives: Record<string, string> = {}
  for (const facts of await selectFunctions(names)) {
    const { name } = facts
    const bundled = await bundle(facts, folder)
    const archive = join(folder, `${name}.tar`)
    // An image is added to no archive that is there.
    await rm(archive, { force: true })
    const image = `docker-archive:${archive}:dev.local/formstream/${name}:${tag}`
    const said = Object.entries({ NAME: name, ...origin }).map(
      ([key, value]) => `--build-arg=${key}=${value}`,
    )
    await build(join(root, 'knative/Containerfile'), image, ...said, bundled.folder)
    archives[name] = archive
  }
  return archives
}

/**
 * Node where distroless has it, and as its entrypoint: what runs on this runs on bases that are kinder. Beside it: the libraries it is
 * linked to, and certificates.
 */
async function makeBase(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-base-'))
  const files = join(folder, 'files')
  const certificates = '/etc/ssl/certs/ca-certificates.crt'
  const libraries = (await run('ldd', [process.execPath])).stdout.match(/\/\S+/g) ?? []
  for (const path of [certificates, ...libraries]) await copy(path, join(files, path))
  await copy(process.execPath, join(files, 'nodejs/bin/node'))
  // Kubernetes writes the names of a pod into /etc/hosts.
  await writeFile(join(files, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  const containerfile = join(folder, 'Containerfile')
  const lines = ['FROM scratch', 'COPY --chmod=0755 . /', 'ENTRYPOINT ["/nodejs/bin/node"]', '']
  await writeFile(containerfile, lines.join('\n'))
  await build(containerfile, base, files)
  await rm(folder, { recursive: true })
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { dereference: true })
}

const build = (containerfile: string, image: string, ...rest: string[]): Promise<string> =>
  buildah('bud', ...options, '--file', containerfile, '--tag', image, ...rest)

async function buildah(...args: string[]): Promise<string> {
  try {
    return (await run('buildah', [...kept, ...args])).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Expected buildah, found none: apt-get install buildah', { cause: error })
  }
}
