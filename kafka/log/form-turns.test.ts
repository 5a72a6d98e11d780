import { expect, test } from '@jest/globals'
import { FormTurns } from './form-turns.ts'

/** Queues the items; the first letter of each is its form. */
const makeTurns = (...items: string[]): FormTurns<string> => {
  const turns = new FormTurns<string>()
  for (const item of items) turns.add(item[0] as string, item)
  return turns
}

const drain = (
  turns: FormTurns<string>,
  mayRun: (form: string) => boolean = () => true,
): string[] => {
  const found = turns.next(mayRun)
  return found ? [found.item, ...drain(turns, mayRun)] : []
}

test('forms take turns, however many items of one came first; items of a form keep their order', () => {
  const turns = makeTurns('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2')
  expect(drain(turns)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
  expect([turns.size, turns.has('a')]).toEqual([0, false])
})

test('a new form waits for at most one item of each other form', () => {
  const turns = makeTurns('a1', 'a2', 'a3', 'b1', 'b2', 'b3')
  const first = [turns.next(() => true)?.item, turns.next(() => true)?.item]
  turns.add('c', 'c1')
  expect([...first, ...drain(turns)]).toEqual(['a1', 'b1', 'a2', 'b2', 'c1', 'a3', 'b3'])
})

test('a form that may not run keeps its turn and delays no other', () => {
  const turns = makeTurns('a1', 'a2', 'b1', 'b2')
  expect(drain(turns, (form) => form === 'b')).toEqual(['b1', 'b2'])
  expect(drain(turns)).toEqual(['a1', 'a2'])
})

test('removed items get no turn', () => {
  const turns = makeTurns('a1', 'a2', 'b1')
  turns.remove('a', 'a1')
  turns.remove('b', 'b1')
  turns.remove('b', 'b1')
  expect([turns.size, drain(turns)]).toEqual([1, ['a2']])
})
