import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { pino } from 'pino'
import { findTask } from '#kit/find-tasks.ts'
import { expectCredentials } from './google-credentials.ts'
import { openForms } from './open-forms.ts'

test('a form that lists a task which was added since the start asks for a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-open-forms-'))
  const messages: string[] = []
  const logger = pino({}, { write: (line) => messages.push(JSON.parse(line).msg) })
  const listed = 'tasks: { sheets: { spreadsheet: a }, none: {} }'
  await writeFile(join(folder, 'a.yaml'), `title: A\nfields: { b: { type: text } }\n${listed}\n`)
  const folders = { formsDir: folder, checkedDir: join(folder, 'checked') }
  const forms = await openForms(folders, [await findTask('slang')], logger)
  forms.close()
  await rm(folder, { recursive: true })
  expect(messages).toEqual([
    expect.stringMatching(/found "sheets"; functions\/sheets\/ is there: restart to run it$/),
    expect.stringMatching(/tasks\.none: expected one of slang, found "none"$/),
  ])
})

test('a missing key file of Google is an error; no file is none', async () => {
  await expect(expectCredentials('/nowhere/key.json')).rejects.toThrow(
    'Expected GOOGLE_APPLICATION_CREDENTIALS to be a file that can be read, found: ENOENT',
  )
  await expectCredentials(undefined)
  await expectCredentials('package.json')
})
