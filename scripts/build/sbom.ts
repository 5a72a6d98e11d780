// What a bundle is made of, in the format of CycloneDX: each package whose code is in it, as the lockfile names it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

interface Locked {
  version: string
  integrity: string
  license?: string
}

/** The same bundle has the same text: no time, no number of its own. */
export function sbomOf(name: string, metafile: Metafile, root: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const places = [...placesIn(metafile)].toSorted()
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
    components: distinct(places.map((place) => componentOf(place, packages[place]))),
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}

/**
 * Folders of packages that have code in the output: what was read and left out is not in it. As the lockfile has them, also where
 * node_modules is a link to another folder.
 */
function placesIn({ outputs }: Metafile): Set<string> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const there = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return new Set(
    there.flatMap(
      ([path]) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  )
}

function componentOf(place: string, { version, integrity, ...locked }: Locked): Component {
  const name = place.replace(/^.*node_modules\//, '')
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

/** An expression of SPDX names, as npm has it. */
const licensesOf = ({ license }: { license?: string }): object[] =>
  license === undefined ? [] : [{ expression: license }]

/** One package may lie in two folders. */
const distinct = (components: Component[]): Component[] => [
  ...new Map(components.map((component) => [component['bom-ref'], component])).values(),
]
