// References of images become the component that pins them; a wrong list is refused as a whole.
import { expect, test } from '@jest/globals'
import { pinned } from './pin-images.ts'

const a = `sha256:${'a'.repeat(64)}`
const b = `sha256:${'b'.repeat(64)}`

test('each function has its image by digest; a tag beside it is left out', () => {
  const references = [`registry.example.org:5000/forms/slang:v1@${b}`, `ghcr.io/us/sheets@${a}`]
  expect(pinned(['sheets', 'slang'], references)).toMatchObject({
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
  ['none', []],
  ['one that is missing', [`r/sheets@${a}`]],
  ['one twice', [`r/sheets@${a}`, `r/slang@${a}`, `r/slang@${b}`]],
  ['one that is no function', [`r/sheets@${a}`, `r/slang@${a}`, `r/redis@${a}`]],
])('%s: refused, with what was expected', (_what, references) => {
  const found = references.join(', ') || 'none'
  const message = `Expected one image of each of sheets, slang, found ${found}`
  expect(() => pinned(['sheets', 'slang'], references)).toThrow(message)
})

test.each([
  'r/slang:v1',
  `slang@${a}`,
  `r/slang@sha256:${'a'.repeat(63)}`,
  `r/slang@sha512:${'a'.repeat(64)}`,
])('%s is no image by its digest', (reference) => {
  expect(() => pinned(['slang'], [reference])).toThrow(
    `Expected <registry>/…/<function>@sha256:<64 hexadecimal digits>, found "${reference}"`,
  )
})
