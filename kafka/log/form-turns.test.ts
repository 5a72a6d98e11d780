import { expect, test } from '@jest/globals'
import { Turns } from './form-turns.ts'

const given = (...items: string[]): Turns<string> => {
  const turns = new Turns<string>()
  for (const item of items) turns.add(item[0] as string, item)
  return turns
}

const rest = (turns: Turns<string>, may: (form: string) => boolean = () => true): string[] => {
  const found = turns.next(may)
  return found ? [found.item, ...rest(turns, may)] : []
}

test('each form has its turn, however many of another came before; within a form the order stays', () => {
  const turns = given('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2')
  expect(rest(turns)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
  expect([turns.size, turns.has('a')]).toEqual([0, false])
})

test('one that comes waits for one of each other form at most', () => {
  const turns = given('a1', 'a2', 'a3', 'b1', 'b2', 'b3')
  const first = [turns.next(() => true)?.item, turns.next(() => true)?.item]
  turns.add('c', 'c1')
  expect([...first, ...rest(turns)]).toEqual(['a1', 'b1', 'a2', 'b2', 'c1', 'a3', 'b3'])
})

test('a form that may not go on keeps its turn, and holds up no other', () => {
  const turns = given('a1', 'a2', 'b1', 'b2')
  expect(rest(turns, (form) => form === 'b')).toEqual(['b1', 'b2'])
  expect(rest(turns)).toEqual(['a1', 'a2'])
})

test('what waits no more has no turn', () => {
  const turns = given('a1', 'a2', 'b1')
  turns.remove('a', 'a1')
  turns.remove('b', 'b1')
  turns.remove('b', 'b1')
  expect([turns.size, rest(turns)]).toEqual([1, ['a2']])
})
