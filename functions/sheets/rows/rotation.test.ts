// A tab and those it rotated to: none of them is taken over before the ledger knows what stands in the others.
import { expect, test } from '@jest/globals'
import type { Ledger } from '../buffer/port.ts'
import type { Tab } from '../google/tab.ts'
import { RotatingTab } from './rotation.ts'

test('a stamp that is taken off between two looks does not open the first tab before the others', async () => {
  const stamped: string[] = []
  const stamps = ['theirs', undefined]
  const tab = (title: string): Tab => {
    const read = async () => ({
      stamp: title === 'Responses' ? stamps.shift() : undefined,
      header: ['id', 'submitted at'],
      headerRow: 1,
      markedColumns: [],
      column: new Map(),
    })
    const update = async () => void stamped.push(title)
    return { name: title, read, update } as unknown as Tab
  }
  const ledger = {
    owner: 'ours',
    suspect: false,
    lastPart: async () => 1,
    rebuild: async () => {},
  } as unknown as Ledger
  const titles = async () => ['Responses', 'Responses 2']
  const given = { tab, titles, ledger, title: 'Responses', maxCells: 1000, timeout: 1 }
  const rotating = new RotatingTab(given)
  await expect(rotating.write([])).rejects.toThrow('the stamp of ledger theirs')
  expect(stamped).toEqual([])
  await rotating.write([])
  expect(stamped).toEqual(['Responses 2', 'Responses'])
})
