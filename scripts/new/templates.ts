/** The form file of a new form. `schema`: path of form.schema.json. For `feedback` it is the example of the README. */
export const newForm = (
  id: string,
  schema = 'form.schema.json',
): string => `# yaml-language-server: $schema=${schema}
title: ${capitalised(id).replaceAll('-', ' ')}
page:
  intro: Tell us what you think. It takes **one minute**.
  thanks: Thank you. We read every answer.
fields:
  name: { type: text, label: Name, max: 100 }
  rating: { type: integer, label: Rating, help: From 1 (poor) to 5 (excellent), min: 1, max: 5 }
  comment: { type: multiline, label: Comment, help: What should we change?, required: false }
tasks:
  sheets: { spreadsheet: ${id}, tab: Responses }
  slang: { fields: [comment] }
`

const capitalised = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`

interface NewTask {
  /** Appended to kafka/events.ts. */
  events: string
  /** Name of each file in the task's folder, with its text. */
  files: Record<string, string>
}

/** `fact`: what has happened once the task is done, such as `translated`. */
export function newTask(name: string, fact: string): NewTask {
  const event = `submission${capitalised(fact)}`
  return {
    events: events(event, fact),
    files: { 'task.ts': task(name, event), 'task.test.ts': test(event) },
  }
}

const events = (event: string, fact: string): string => `
export const ${fact} = defineTopic({
  name: 'forms.${fact}',
  partitions: 6,
  retention: { days: 30, bytes: 2048 * MiB },
})

export const ${event} = defineEvent('${fact}', {
  topic: ${fact},
  summary: 'What has happened, in one sentence',
  data: z.object({ text: z.string() }),
})
`

const task = (name: string, event: string): string => `// What this task is for, in one sentence.
import * as z from 'zod'
import { ${event}, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'

export default defineTask({
  name: '${name}',
  on: submissionValidated,
  emits: [${event}],
  options: z.strictObject({ field: z.string() }),
  fieldsIn: ({ field }) => [field],
  async handle({ event, options }) {
    const text = String(event.data.answers[options.field] ?? '')
    return [${event}({ text: text.toUpperCase() })]
  },
})
`

const test = (event: string): string => `import { expect, test } from '@jest/globals'
import { ${event}, submissionValidated } from '#kafka/events.ts'
import { demoForm, eventOf, silent } from '#kit/events.fixture.ts'
import { causeOf } from '#kit/follow-on-events.ts'
import task from './task.ts'

test('answers are written in capitals', async () => {
  const event = eventOf(submissionValidated({ version: 'v', answers: { item1: 'hello' } }))
  const drafts = await task.handle({
    event,
    cause: causeOf(event),
    form: demoForm(),
    options: { field: 'item1' },
    clients: {},
    log: silent,
  })
  expect(drafts).toEqual([${event}({ text: 'HELLO' })])
})
`
