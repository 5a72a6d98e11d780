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
  /** Topic and event, to be appended to kafka/events.ts. */
  declarations: string
  /** Options for the example with all keys, in YAML. */
  options: string
  /** Name of each file in the task's folder, with its text. */
  files: Record<string, string>
}

/** `fact`: what has happened once the task is done, such as `translated`. */
export function newTask(name: string, fact: string): NewTask {
  const event = `submission${capitalised(fact)}`
  return {
    declarations: declarations(event, fact),
    options: '{ field: about }',
    files: {
      'task.ts': task(name, event),
      'task.test.ts': test(event),
      'conformance.slow.test.ts': conformance(name),
    },
  }
}

const declarations = (event: string, fact: string): string => `
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
  options: z
    .strictObject({ field: z.string().describe('The field whose text it writes in capitals') })
    .describe('Writes a text in capitals'),
  fieldsIn: ({ field }) => [field],
  async handle({ event, options }) {
    const text = String(event.data.answers[options.field] ?? '')
    return [${event}({ text: text.toUpperCase() })]
  },
})
`

const test = (event: string): string => `import { expect, test } from '@jest/globals'
import { ${event}, submissionValidated } from '#kafka/events.ts'
import { noEffects } from '#kit/effects/effects.ts'
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
    effects: noEffects,
    log: silent,
  })
  expect(drafts).toEqual([${event}({ text: 'HELLO' })])
})
`

const conformance = (
  name: string,
): string => `// Repeats, kills, failures and foreign events, with the task in a process of its own: docs/tasks.md.
import { submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import task from './task.ts'

conforms(task, {
  form: \`
title: Demo
fields: { item1: { type: text } }
tasks: { ${name}: { field: item1 } }
\`,
  event: submissionValidated({ version: 'v', answers: { item1: 'hello' } }),
})
`
