// A ledger stamps the parts of a tab only after it has read the rows of all of them.
import { expect, test } from '@jest/globals'
import type { Ledger } from '../buffer/port.ts'
import type { Tab } from '../google/tab.ts'
import { RotatingTab } from './rotation.ts'

test('if a stamp is removed between two reads, the first part is not stamped before the others are read', async () => {
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
  const options = { tab, titles, ledger, title: 'Responses', maxCells: 1000, timeout: 1 }
  const rotating = new RotatingTab(options)
  await expect(rotating.write([])).rejects.toThrow('the stamp of ledger theirs')
  expect(stamped).toEqual([])
  await rotating.write([])
  expect(stamped).toEqual(['Responses 2', 'Responses'])
})
