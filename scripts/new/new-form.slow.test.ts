import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { runScript } from '../../test/command.ts'

test('a new form is valid, says where it opens, and is not overwritten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-new-form-'))
  const environment = { FORMS_DIR: folder, DATA_DIR: join(folder, 'data'), PORT: '20080' }
  const newForm = () => runScript(environment, 'scripts/new.ts', 'form', 'after-class')
  const file = join(folder, 'after-class.yaml')

  expect(await newForm()).toBe(
    `Wrote ${file}\nRun npm start, then open http://127.0.0.1:20080/forms/after-class\n`,
  )
  expect(await runScript(environment, 'scripts/forms.ts', 'check')).toMatch(/^1 forms in /)
  const schema = relative(folder, resolve('forms/form.schema.json'))
  expect(await readFile(file, 'utf8')).toMatch(`# yaml-language-server: $schema=${schema}\n`)
  await expect(newForm()).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`Expected the id of a new form, found ${file}`),
  })
  await rm(folder, { recursive: true })
})
