import { submissionConfirmed, submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import type { World } from '#kit/conformance/given.ts'
import { startMailServer, type TestServer } from './smtp/server.fixture.ts'
import task from './task.ts'

/** A mail server that counts the mails of a submission. */
function mailWorld(): World {
  let server: TestServer
  return {
    async start() {
      server = await startMailServer()
      return { SMTP_URL: server.url, SMTP_FROM: 'office@example.org' }
    },
    count: (submission) =>
      server.mails.filter(({ raw }) => raw.includes(`<${submission}.owners@`)).length,
    fail: () => server.behave({ recipient: '450 4.2.0 Later' }),
    refuse: () => server.behave({ recipient: '550 5.1.1 No such user' }),
    async hold() {
      server.behave({ mail: 'hang' })
      await server.received()
    },
    recover: () => server.behave({}),
    stop: () => server.close(),
  }
}

conforms(task, {
  // The mail to the owners: the suite submits more often than an address gets mails.
  form: `
title: Demo
fields: { name: { type: text } }
tasks: { confirmation: { owners: [office@example.org] } }
`,
  event: submissionValidated({ version: 'v', answers: { name: 'Ann' } }),
  world: mailWorld(),
  tellsRefusal: ({ type, data }) =>
    type === submissionConfirmed.type && (data as { state: string }).state === 'bounced',
})
