import { expect, test } from '@jest/globals'
import { pinImages } from './pin-images.ts'

const a = `sha256:${'a'.repeat(64)}`
const b = `sha256:${'b'.repeat(64)}`

test('each function gets its image by digest; a tag is ignored', () => {
  const references = [`registry.example.org:5000/forms/slang:v1@${b}`, `ghcr.io/us/sheets@${a}`]
  expect(pinImages(['sheets', 'slang'], references)).toMatchObject({
    kind: 'Component',
    images: [
      { name: 'registry/formstream/sheets', newName: 'ghcr.io/us/sheets', digest: a },
      {
        name: 'registry/formstream/slang',
        newName: 'registry.example.org:5000/forms/slang',
        digest: b,
      },
    ],
  })
})

test.each([
  ['no image', []],
  ['a missing image', [`r/sheets@${a}`]],
  ['two images of a function', [`r/sheets@${a}`, `r/slang@${a}`, `r/slang@${b}`]],
  ['an image that is not a function’s', [`r/sheets@${a}`, `r/slang@${a}`, `r/redis@${a}`]],
])('a list of images with %s is refused', (_what, references) => {
  const found = references.join(', ') || 'none'
  const message = `Expected one image of each of sheets, slang, found ${found}`
  expect(() => pinImages(['sheets', 'slang'], references)).toThrow(message)
})

test.each([
  'r/slang:v1',
  `slang@${a}`,
  `r/slang@sha256:${'a'.repeat(63)}`,
  `r/slang@sha512:${'a'.repeat(64)}`,
])('%s is refused, because it is not an image by digest', (reference) => {
  expect(() => pinImages(['slang'], [reference])).toThrow(
    `Expected <registry>/…/<function>@sha256:<64 hexadecimal digits>, found "${reference}"`,
  )
})
