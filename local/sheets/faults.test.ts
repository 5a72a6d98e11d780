// Faults and quota, as the real client sees them.
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { refused, spreadsheetId, startEmulator } from './emulator.fixture.ts'
import { createQuota } from './quota.ts'

const row = { range: 'A1', values: [['Ann']] }

test('a write is applied even if its response is lost', async () => {
  const { app, setFaults, write, read } = await startEmulator()
  await setFaults({ rateAppliedButLost: 1 })
  await expect(write(row)).rejects.toThrow(/socket hang up|ECONNRESET|other side closed|failed/)
  expect(await read('A1')).toEqual([['Ann']])
  const stats = (await app.inject('/emulator/stats')).json()
  expect(stats).toMatchObject({ reads: 1, writes: 1, byStatus: { lost: 1, 200: 1 } })
})

test('a refused write is not applied', async () => {
  const { setFaults, write, read } = await startEmulator({ faults: { rate429: 1 } })
  await expect(write(row)).rejects.toMatchObject({
    status: 429,
    response: { data: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } } },
  })
  await setFaults({ rate429: 0, rate503: 1 })
  await expect(write(row)).rejects.toMatchObject({
    response: { data: { error: { code: 503, status: 'UNAVAILABLE' } } },
  })
  await setFaults({ rate429: 0 })
  expect(await read('A1')).toBeUndefined()
})

test('a call that hangs ends when the client gives up, or the emulator closes', async () => {
  const { app, client, setFaults, write } = await startEmulator()
  await setFaults({ rateHang: 1 })
  const range = { spreadsheetId, range: 'A1' }
  await expect(client.spreadsheets.values.get(range, { timeout: 50 })).rejects.toThrow()
  const arrived = once(app.server, 'request')
  const hanging = expect(write(row)).rejects.toThrow()
  await arrived
  await app.close()
  await hanging
})

test('a slow response does not keep the emulator from closing', async () => {
  const { app, setFaults, write } = await startEmulator()
  await setFaults({ latencyMs: 60_000 })
  const arrived = once(app.server, 'request')
  const slow = write(row)
  await arrived
  await app.close()
  expect((await slow).totalUpdatedCells).toBe(1)
})

test('with the quota on, a user has 60 reads and 60 writes a minute', async () => {
  const { client, setFaults, read, write } = await startEmulator({ quota: true })
  for (let n = 0; n < 60; n += 1) await read('A1')
  await expect(read('A1')).rejects.toMatchObject(
    refused(429, /Quota exceeded for quota metric 'Read requests' .* per minute per user/),
  )
  await write(row)
  const other = { spreadsheetId, range: 'A1', quotaUser: 'another' }
  expect((await client.spreadsheets.values.get(other)).status).toBe(200)
  await setFaults({ quota: false })
  expect(await read('A1')).toEqual([['Ann']])
})

test('a project has 300 calls of a kind in each minute for all its users', () => {
  let now = 0
  const quota = createQuota(() => now)
  for (let n = 0; n < 300; n += 1) expect(quota.take('write', `user ${n % 10}`)).toBeUndefined()
  expect(quota.take('write', 'one more')).toMatch(/'Write requests per minute'/)
  expect(quota.take('read', 'one more')).toBeUndefined()
  now = 60_000
  expect(quota.take('write', 'one more')).toBeUndefined()
})

test('invalid faults and calls by pages of other sites are refused', async () => {
  const { app, setFaults } = await startEmulator()
  expect((await setFaults({ rate429: 2 })).statusCode).toBe(400)
  expect((await setFaults({ rate42: 1 })).statusCode).toBe(400)
  expect((await app.inject('/emulator/faults')).json()).toMatchObject({ rate429: 0, quota: false })
  const headers = { origin: 'http://elsewhere.example', host: '127.0.0.1:8081' }
  const url = `/v4/spreadsheets/${spreadsheetId}/values/A1:clear`
  expect((await app.inject({ method: 'POST', url, headers })).statusCode).toBe(403)
})
