import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { newForm } from './templates.ts'

test('the form file in the README is what npm run new form feedback writes', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`yaml\n${newForm('feedback')}\`\`\``)
})
