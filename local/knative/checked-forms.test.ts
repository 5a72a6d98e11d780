import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'
import type { Form } from '#kit/forms/form.ts'
import { keepChecked } from './checked-forms.ts'

const form = (id: string, text: string) => ({ id, text }) as Form

async function read(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { withFileTypes: true })
  const texts = files
    .filter((file) => file.isFile())
    .map(async ({ name }) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

test('there is one copy of each valid form, with the text of its file', () =>
  inFolder(async (forms) => {
    const copies = join(forms, 'checked')
    await keepChecked(copies, forms, [form('a', 'one'), form('b', 'two')])
    await writeFile(join(copies, 'b.yaml.checked.new'), 'ha')
    await keepChecked(copies, forms, [form('a', 'three'), form('c', 'four')])
    expect(await read(copies)).toEqual({ 'a.yaml.checked': 'three', 'c.yaml.checked': 'four' })
  }))

test('a copy stays as long as the form’s file exists, even if the file is invalid now', () =>
  inFolder(async (forms) => {
    const copies = join(forms, 'checked')
    await writeFile(join(forms, 'b.yaml'), 'wrong')
    await keepChecked(copies, forms, [form('a', 'one'), form('b', 'two')])
    await keepChecked(copies, forms, [form('a', 'one')])
    expect(await read(copies)).toEqual({ 'a.yaml.checked': 'one', 'b.yaml.checked': 'two' })
  }))

test('other files stay, even if the copies are in the same folder as the forms', () =>
  inFolder(async (forms) => {
    const others = { 'a.yaml': 'A', 'notes.txt': '', 'b.yaml.new': '', 'c.yaml.checked.old': '' }
    for (const [name, text] of Object.entries(others)) await writeFile(join(forms, name), text)
    await mkdir(join(forms, 'folder.yaml.checked'))
    await keepChecked(forms, forms, [form('a', 'one')])
    expect(await read(forms)).toEqual({ ...others, 'a.yaml.checked': 'one' })
    expect(await readdir(forms)).toContain('folder.yaml.checked')
  }))
