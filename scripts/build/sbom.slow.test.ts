import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'
import { bundle } from './bundle.ts'
import { selectFunctions } from './select-functions.ts'

interface Component {
  name: string
  version: string
  purl: string
  hashes: object[]
  licenses: object[]
}

/** All packages, as npm itself describes them. With --omit=dev npm would leave out prom-client too. */
async function componentsByNpm(): Promise<Component[]> {
  const asked = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const { stdout } = await promisify(execFile)('npm', asked, { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout).components
}

test(
  'the SBOM of a bundle names the packages in it, with version and hash as npm has them',
  () =>
    inFolder(async (folder) => {
      const byNpm = new Map((await componentsByNpm()).map((one) => [one.purl, one]))
      for (const facts of await selectFunctions(['validation', 'form-endpoint'])) {
        const built = await bundle(facts, folder)
        const sbom = JSON.parse(await readFile(join(built.folder, 'sbom.cdx.json'), 'utf8'))
        expect(sbom).toMatchObject({
          bomFormat: 'CycloneDX',
          specVersion: '1.6',
          metadata: { component: { name: facts.name, type: 'application' } },
        })
        const components: Component[] = sbom.components
        for (const { purl, version, hashes, licenses } of components) {
          const known = byNpm.get(purl)
          expect([purl, known?.version, known?.hashes]).toEqual([purl, version, hashes])
          expect([purl, licenses.length]).toEqual([purl, 1])
        }
        const names = components.map(({ name }) => name)
        const purls = components.map(({ purl }) => purl)
        expect(purls).toEqual([...new Set(purls)])
        expect(names).toEqual(
          expect.arrayContaining(['fastify', 'zod', 'pino', 'cloudevents', 're2js', 'find-my-way']),
        )
        for (const ofEndpoint of ['kafkajs', 'ioredis']) {
          expect(names.includes(ofEndpoint)).toBe(facts.name === 'form-endpoint')
        }
        for (const other of ['googleapis', 'jest', 'esbuild']) {
          expect(names).not.toContain(other)
        }
      }
    }),
  60_000,
)
