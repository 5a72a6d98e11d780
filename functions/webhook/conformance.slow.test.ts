import { submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import { httpWorld } from '#kit/conformance/http-world.ts'
import task from './task.ts'
import { key } from './webhook.fixture.ts'

conforms(task, {
  form: ({ WORLD_URL = '' }) => `
title: Demo
fields: { name: { type: text } }
tasks: { webhook: [{ url: '${WORLD_URL}', secret: demo }] }
`,
  event: submissionValidated({ version: 'v', answers: { name: 'Ann' } }),
  world: httpWorld({
    environment: (url) => ({ WORLD_URL: url }),
    // The target gets the CloudEvent.
    submissionOf: ({ body }) => JSON.parse(body).subject,
  }),
  environment: { WEBHOOK_SECRETS: `demo=${key}`, WEBHOOK_ALLOW: '127.0.0.1' },
})
