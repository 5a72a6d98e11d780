// Pins the images of the production overlay by the digests that were pushed.
//
//   npm run pin -- <image@sha256:…>…   one image of each function
import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { pinImages } from '../knative/generate/pin-images.ts'
import { selectFunctions } from './build/select-functions.ts'
import { parseCommand } from './parse-command.ts'

const file = 'knative/overlays/production/digests/kustomization.yaml'
const heading = '# written by npm run pin: the images of the functions, by what is in them\n'

const { positionals: images } = parseCommand({}, Number.POSITIVE_INFINITY)
const names = (await selectFunctions([])).map(({ name }) => name)
await writeFile(file, heading + stringify(pinImages(names, images)))
console.log(`Wrote ${file}: ${names.length} images`)
