import { expect, test } from '@jest/globals'
import { spreadsheetId, startEmulator } from '../emulator.fixture.ts'

test('a spreadsheet is shown as a grid, with its values escaped', async () => {
  const { app, write } = await startEmulator()
  const evil = '<script>alert("x")</script>'
  await write({ range: 'A1', values: [['name'], [evil]] })

  const { body, headers } = await app.inject(`/spreadsheets/${spreadsheetId}`)

  expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
  expect(body).not.toContain(evil)
  expect(headers['content-security-policy']).toMatch(/default-src 'none'; .*script-src 'self'/)
  expect((await app.inject('/')).body).toContain(`/spreadsheets/${spreadsheetId}?tab=Sheet1`)
  expect((await app.inject('/spreadsheets/unknown')).statusCode).toBe(404)
})

test('only the newest rows of a long tab are shown', async () => {
  const { app, write } = await startEmulator()
  await write({ range: 'A1', values: Array.from({ length: 501 }, (_, n) => [`value ${n}`]) })
  const { body } = await app.inject(`/spreadsheets/${spreadsheetId}`)
  expect(body).toContain('500 rows · the newest 200 shown')
  expect(body).toContain('rows 2 to 301 not shown')
  expect(body).not.toContain('value 300<')
  expect(body).toContain('value 301<')
  expect(body).toContain('value 500<')
})

test('an open page gets an event for a change of its spreadsheet', async () => {
  const { url, write } = await startEmulator()
  const response = await fetch(`${url}/changes?spreadsheet=${spreadsheetId}`)
  const events = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await events.read()).value).toMatch(/^retry/)
  await write({ range: 'A1', values: [['Ann']] })
  expect((await events.read()).value).toBe('data: changed\n\n')
})
