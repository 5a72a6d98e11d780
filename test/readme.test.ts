// The form, the submission and the commands in the README work, and so does a form of `npm run new`.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { compileForm } from '#kit/forms/compile/compile-form.ts'
import { findFieldTypes } from '#kit/forms/find-field-types.ts'
import { newForm } from '../scripts/new/templates.ts'

const readme = readFileSync('README.md', 'utf8')
const block = (language: string, holding: string): string => {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))]
  return blocks.map(([, text]) => text as string).find((text) => text.includes(holding)) as string
}

async function compile(name: string, text: string) {
  const rules = { types: await findFieldTypes(), knownTasks: knownTasks(await findTasks()) }
  return compileForm({ name, text }, rules)
}

test.each([
  ['the form of the README', block('yaml', 'rating')],
  ['a new form', newForm('feedback')],
])('%s compiles', async (_name, text) => {
  expect(await compile('forms/feedback.yaml', text)).toMatchObject({ ok: true })
})

test('the submission in the README is valid for its form', async () => {
  const compiled = await compile(
    'forms/student-data.yaml',
    readFileSync('forms/student-data.yaml', 'utf8'),
  )
  if (!compiled.ok) throw new Error('Expected the form student-data to compile')
  const sent = /--json '(\{.*?\})'/s.exec(block('sh', 'curl'))?.[1] as string
  expect(compiled.form.parse(JSON.parse(sent))).toMatchObject({ ok: true })
})

test('every npm command in the README exists in package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name as string)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
