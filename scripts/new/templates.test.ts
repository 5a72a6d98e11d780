import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { newForm, newTask } from './templates.ts'

test('the form file in the README is what npm run new form feedback writes', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`yaml\n${newForm('feedback')}\`\`\``)
})

test.each(Object.entries(newTask('shout', 'shouted').files))(
  'npm run check accepts the %s that npm run new task writes',
  (file, text) => {
    const args = ['check', '--write', `--stdin-file-path=functions/shout/${file}`]
    const { stdout } = spawnSync('node_modules/.bin/biome', args, { input: text, encoding: 'utf8' })
    expect(stdout).toBe(text)
  },
)
