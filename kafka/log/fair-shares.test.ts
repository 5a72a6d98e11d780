import { expect, test } from '@jest/globals'
import { FairShares } from './fair-shares.ts'

const takeAll = (shares: FairShares, form: string): number => {
  let taken = 0
  for (; shares.room(form) > 0; taken++) shares.take(form)
  return taken
}

test('one form gets half, each further one half of the rest, so there is always room for another', () => {
  const shares = new FairShares(200)
  expect(['a', 'b', 'c', 'd', 'e'].map((form) => takeAll(shares, form))).toEqual([
    100, 50, 25, 13, 6,
  ])
  expect(shares.room('a')).toBe(0)
  expect(shares.room('another')).toBeGreaterThan(0)
})

test('slots that a form releases are free for all forms', () => {
  const shares = new FairShares(10)
  expect([takeAll(shares, 'a'), takeAll(shares, 'b')]).toEqual([5, 3])
  shares.giveBack('a', 5)
  expect([shares.room('a'), shares.room('b'), shares.room('c')]).toEqual([4, 2, 4])
})

test('when others hold everything, a form may take exactly one', () => {
  const shares = new FairShares(10)
  const taken = Array.from({ length: 100 }, (_, form) => takeAll(shares, `${form}`))
  expect(taken.slice(0, 6)).toEqual([5, 3, 1, 1, 1, 1])
  expect(new Set(taken.slice(6))).toEqual(new Set([1]))
})

test('room is the amount that may be taken at once', () => {
  const shares = new FairShares(1000)
  shares.take('a', shares.room('a'))
  expect([shares.room('a'), shares.room('b')]).toEqual([0, 250])
})
