// `npm run pin -- <image@sha256:…>…`: has the production overlay name each function's image by the digest that was pushed.
import './exit-on-error.ts'
import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { pinned } from '../knative/generate/pinned.ts'
import { chosen } from './build/select-functions.ts'

const file = 'knative/overlays/production/digests/kustomization.yaml'
const heading = '# written by npm run pin: the images of the functions, by what is in them\n'

const names = (await chosen([])).map(({ name }) => name)
await writeFile(file, heading + stringify(pinned(names, process.argv.slice(2))))
console.log(`Wrote ${file}: ${names.length} images`)
