// What `npm run new task` refuses. docs/tasks.md, whose commands a test runs, has one that succeeds.
import { expect, test } from '@jest/globals'
import { runScript } from '../../test/command.ts'

test.each([
  [['shout'], 'found nothing: npm run new task shout shouted'],
  [['shout', 'Shouted'], 'Expected one word for what has happened'],
  [['Shout', 'shouted'], 'Expected a name of lower case letters, digits and -'],
  [['slang', 'shouted'], 'Expected the name of a new task, found functions/slang'],
  [['shout', 'analyzed'], 'Expected a new fact, found "analyzed" in kafka/events.ts'],
  [['shout', 'answers'], 'Expected a new fact, found "answers" in kafka/events.ts'],
])('the arguments %j are refused', async (args, message) => {
  await expect(runScript({}, 'scripts/new.ts', 'task', ...args)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  })
})
