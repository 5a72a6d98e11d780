import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

interface Locked {
  version: string
  integrity: string
  license?: string
}

/**
 * The bill of materials of a bundle (CycloneDX 1.6): each package with code in it, as in the lockfile. The same bundle has the same
 * text, so there is no time and no serial number.
 */
export function sbomOf(name: string, metafile: Metafile, root: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const folders = [...packageFolders(metafile)].toSorted()
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'bom-ref': name,
        type: 'application',
        name,
        version: packages[''].version,
        licenses: licensesOf(packages['']),
      },
    },
    components: distinct(folders.map((folder) => componentOf(folder, packages[folder]))),
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}

/**
 * Folders of the packages with code in the output, without those that tree shaking removed. Paths begin with node_modules, as in the
 * lockfile, even if node_modules is a link to another folder.
 */
function packageFolders({ outputs }: Metafile): Set<string> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return new Set(
    used.flatMap(
      ([path]) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  )
}

function componentOf(folder: string, { version, integrity, ...locked }: Locked): Component {
  const name = folder.replace(/^.*node_modules\//, '')
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  const [, digest = ''] = integrity.split('sha512-')
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    licenses: licensesOf(locked),
  }
}

interface Component {
  'bom-ref': string
  [more: string]: unknown
}

/** npm has the license as an SPDX expression. */
const licensesOf = ({ license }: { license?: string }): object[] =>
  license === undefined ? [] : [{ expression: license }]

/** The same version of a package may be in two folders. */
const distinct = (components: Component[]): Component[] => [
  ...new Map(components.map((component) => [component['bom-ref'], component])).values(),
]
