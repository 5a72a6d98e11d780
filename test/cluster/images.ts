// Builds container images of functions, as archives that containerd imports. The base image is made from the Node of this machine, so no
// registry is needed.
import { execFile, spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../scripts/build/bundle.ts'
import { selectFunctions } from '../../scripts/build/select-functions.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

/** The base image. It is built once and kept in `.cache/images`. */
const base = `localhost/formstream-node:${process.versions.node}`

// Isolation by chroot and storage by vfs need no kernel features: nothing is run in the image, and layers are plain folders.
const storage = join(root, '.cache/images')
const storageOptions = [
  '--root',
  storage,
  '--runroot',
  join(storage, 'run'),
  '--storage-driver',
  'vfs',
]
const buildOptions = ['--quiet', '--isolation', 'chroot', '--build-arg', `BASE=${base}`]

/** False when buildah is not installed or lacks permissions. */
export const buildahWorks = spawnSync('buildah', [...storageOptions, 'images']).status === 0

export interface ImageOptions {
  /** Functions to build images of; empty for all. */
  names: string[]
  tag: string
  /** The folder to write the bundles and the archives to. */
  folder: string
  /** Values for the labels of the images. */
  origin?: Record<'VERSION' | 'REVISION' | 'SOURCE', string>
}

/** Builds `dev.local/formstream/<name>:<tag>` for each function. Resolves with the path of each image's archive, by function. */
export async function buildImages(options: ImageOptions): Promise<Record<string, string>> {
  const { names, tag, folder, origin = {} } = options
  if (!(await buildah('images', '--format', '{{.Name}}:{{.Tag}}')).includes(`${base}\n`)) {
    await makeBase()
  }
  const archives: Record<string, string> = {}
  for (const facts of await selectFunctions(names)) {
    const { name } = facts
    const bundled = await bundle(facts, folder)
    const archive = join(folder, `${name}.tar`)
    // buildah does not add an image to an existing archive.
    await rm(archive, { force: true })
    const image = `docker-archive:${archive}:dev.local/formstream/${name}:${tag}`
    const buildArgs = Object.entries({ NAME: name, ...origin }).map(
      ([key, value]) => `--build-arg=${key}=${value}`,
    )
    await build(join(root, 'knative/Containerfile'), image, ...buildArgs, bundled.folder)
    archives[name] = archive
  }
  return archives
}

/**
 * Builds a minimal base image: Node at the path that distroless images have it at, as the entrypoint, with the libraries that it is linked
 * to and the CA certificates. A function that runs on this base also runs on bases that contain more.
 */
async function makeBase(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-base-'))
  const files = join(folder, 'files')
  const certificates = '/etc/ssl/certs/ca-certificates.crt'
  const libraries = (await run('ldd', [process.execPath])).stdout.match(/\/\S+/g) ?? []
  for (const path of [certificates, ...libraries]) await copy(path, join(files, path))
  await copy(process.execPath, join(files, 'nodejs/bin/node'))
  // Names are looked up in /etc/hosts first, where Kubernetes writes the names of a pod.
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
  buildah('bud', ...buildOptions, '--file', containerfile, '--tag', image, ...rest)

async function buildah(...args: string[]): Promise<string> {
  try {
    return (await run('buildah', [...storageOptions, ...args])).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Expected buildah to be installed, found none: apt-get install buildah', {
      cause: error,
    })
  }
}
