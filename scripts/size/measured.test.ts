import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readMeasured } from './measured.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-size-'))
  await cp('bench/results', folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

async function change(name: string, edit: (text: string) => string): Promise<void> {
  const file = join(folder, `${name}.json`)
  await writeFile(file, edit(await readFile(file, 'utf8')))
}

test('each figure comes from a file of bench/results, which it names', async () => {
  const measured = await readMeasured(folder)
  const sheets = JSON.parse(await readFile('bench/results/sheets.json', 'utf8'))
  expect(measured.rowsPerCall).toEqual({
    value: sheets.atQuota.rowsPerCall,
    from: 'bench/results/sheets.json atQuota.rowsPerCall',
  })
})

test('a new measurement changes the figure', async () => {
  await change('slang', (text) => text.replace(/("microsecondsPerText"): [\d.]+/, '$1: 42'))
  expect((await readMeasured(folder)).slangMicroseconds.value).toBe(42)
})

test('the error for a missing number names it and its file', async () => {
  await change('flow', (text) => text.replaceAll('"perSecond"', '"perMinute"'))
  await expect(readMeasured(folder)).rejects.toThrow(
    'Expected a number above 0 as cases.npm start.figures.perSecond.median in bench/results/flow.json, found undefined',
  )
})
