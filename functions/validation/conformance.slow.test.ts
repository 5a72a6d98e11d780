import { submissionSubmitted } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import task from './task.ts'

conforms(task, {
  form: `
title: Demo
fields: { name: { type: text } }
`,
  event: submissionSubmitted({ answers: { name: ' Ann ' } }),
})
