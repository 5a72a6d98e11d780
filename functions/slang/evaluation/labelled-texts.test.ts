// Minimum figures of the analyser on the labelled texts that it was not tuned on.
import { expect, test } from '@jest/globals'
import { analyse } from '../analyse.ts'
import { readLabelled, score } from './labelled-texts.ts'

const texts = readLabelled()

test('the labelled set is large enough and has no duplicates', () => {
  expect(texts.filter(({ spans }) => spans.length > 0).length).toBeGreaterThanOrEqual(300)
  expect(texts.filter(({ spans }) => spans.length === 0).length).toBeGreaterThanOrEqual(1_000)
  expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length)
})

// Compares figures only, so that a failure shows none of the held-out texts.
test('on the held-out half precision is at least 0.98 and recall at least 0.80', () => {
  const { precision, recall } = score(
    texts.filter(({ half }) => half === 'heldOut'),
    analyse,
  )
  expect(precision).toBeGreaterThanOrEqual(0.98)
  expect(recall).toBeGreaterThanOrEqual(0.8)
})
