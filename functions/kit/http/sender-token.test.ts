// Each event carries the token of the instance, or the current one of a mounted file.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '../events.fixture.ts'
import { senderToken } from './sender-token.ts'

const message = { headers: { 'ce-id': '1' }, body: '{}' }
const withToken = (authorization: string) => ({
  headers: { 'ce-id': '1', authorization },
  body: '{}',
})

test("each event carries the file's current token, not that of the start", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'token')
    await writeFile(file, 'first\n')
    const addToken = senderToken(undefined, file)
    expect(await addToken(message)).toEqual(withToken('Bearer first'))
    await writeFile(file, 'second')
    expect(await addToken(message)).toEqual(withToken('Bearer second'))
  })
})

test('on one machine each event carries the token of the instance', async () => {
  expect(await senderToken('own')(message)).toEqual(withToken('Bearer own'))
})

test('without a mounted token, an event is sent unchanged', async () => {
  await inFolder(async (folder) => {
    expect(await senderToken(undefined, join(folder, 'token'))(message)).toEqual(message)
  })
})
