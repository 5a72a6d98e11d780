import { expect, test } from '@jest/globals'
import { mail, startMailbox } from '../mailbox.fixture.ts'

const evil = '<script>alert("x")</script>'

test('the list shows each mail, with its texts escaped', async () => {
  const { url, send } = await startMailbox()
  await send({ subject: evil })
  const response = await fetch(url)
  const body = await response.text()
  expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
  expect(body).not.toContain(evil)
  expect(body).toContain('1 mail')
  expect(body).toContain('the newest 10,000 mails, at most 64 MiB. Older ones are deleted.')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';/)
})

test('a mail is shown with its text, its headers and its source, escaped', async () => {
  const { url, send } = await startMailbox()
  await send({ text: evil })
  const body = await (await fetch(`${url}/mails/1`)).text()
  expect(body).not.toContain(evil)
  // As the text, and in the source.
  expect(body.match(/&lt;script&gt;alert/g)).toHaveLength(2)
  expect(body).toContain('&lt;one@example.org&gt;')
  expect((await fetch(`${url}/mails/2`)).status).toBe(404)
})

test('the HTML of a mail is sent with a policy without scripts and without remote content', async () => {
  const { url, send } = await startMailbox()
  await send({ html: evil })
  const response = await fetch(`${url}/mails/1/html`)
  const policy = response.headers.get('content-security-policy')
  expect(policy).toMatch(
    /^sandbox allow-popups[a-z -]*; default-src 'none'; style-src 'unsafe-inline'/,
  )
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/)
  expect(await response.text()).toContain(evil)
})

test('a mail without HTML has no frame', async () => {
  const { url, send } = await startMailbox()
  await send({ html: undefined })
  expect(await (await fetch(`${url}/mails/1`)).text()).not.toContain('<iframe')
  expect((await fetch(`${url}/mails/1/html`)).status).toBe(404)
})

test('only the newest mails of a full mailbox are listed', async () => {
  const { url, send } = await startMailbox()
  await Promise.all(Array.from({ length: 201 }, () => send({ ...mail, subject: 'one of many' })))
  const body = await (await fetch(url)).text()
  expect(body).toContain('201 mails · the newest 200 shown')
  expect(body.match(/one of many/g)).toHaveLength(200)
})

test('an open page gets an event for a mail', async () => {
  const { url, send } = await startMailbox()
  const response = await fetch(`${url}/changes`)
  const events = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await events.read()).value).toMatch(/^retry/)
  await send()
  expect((await events.read()).value).toBe('data: changed\n\n')
})
