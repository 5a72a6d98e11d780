import { submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import task from './task.ts'

conforms(task, {
  form: `
title: Demo
fields: { comment: { type: text } }
tasks: { slang: { fields: [comment] } }
`,
  event: submissionValidated({ version: 'v', answers: { comment: 'what a shit day' } }),
})
