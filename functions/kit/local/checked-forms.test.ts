import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Form } from '../forms/form.ts'
import { inFolder } from '../given.ts'
import { keepChecked } from './checked-forms.ts'

test('the copies are those of the forms that are right, as their files have them', () =>
  inFolder(async (folder) => {
    const copies = join(folder, 'checked')
    const read = async () =>
      Promise.all(
        (await readdir(copies)).map(async (name) => [
          name,
          await readFile(join(copies, name), 'utf8'),
        ]),
      )
    const form = (id: string, text: string) => ({ id, text }) as Form
    await keepChecked(copies, [form('a', 'one'), form('b', 'two')])
    await writeFile(join(copies, 'b.yaml.checked.new'), 'ha')
    await keepChecked(copies, [form('a', 'three'), form('c', 'four')])
    expect(Object.fromEntries(await read())).toEqual({
      'a.yaml.checked': 'three',
      'c.yaml.checked': 'four',
    })
  }))
