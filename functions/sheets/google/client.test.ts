// Each step of a call has a deadline: token, connection, response and body. A call that hangs is retried.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { sheets } from '@googleapis/sheets'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { RetryLater } from '#kit/errors.ts'
import { until } from '../../../test/until.ts'
import { connectSheets } from './client.ts'
import { DeadlineAuth } from './credentials.ts'
import { BadCredentials, Blocked, toSheetsError } from './errors.ts'

/** Milliseconds. A busy machine may take longer for an answer: calls that should succeed are repeated. */
const timeout = 150
let folder: string
let servers: Server[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-api-'))
  servers = []
})
afterEach(async () => {
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS
  delete process.env.HTTPS_PROXY
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await rm(folder, { recursive: true })
})

/** A server that responds with `how.answer`, and counts requests and open connections. */
async function serve(how: { answer: RequestListener }) {
  const seen = { requests: 0, open: 0 }
  const server = createServer((request, response) => {
    seen.requests += 1
    how.answer(request, response)
  })
  server.on('connection', (socket) => {
    seen.open += 1
    socket.once('close', () => {
      seen.open -= 1
    })
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const never: RequestListener = () => {}
const token: RequestListener = (_request, response) =>
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 }))
const sheet: RequestListener = (request, response) =>
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ spreadsheetId: request.headers.authorization ?? 'without' }))

async function credentials(account: object): Promise<void> {
  const file = join(folder, 'account.json')
  await writeFile(file, JSON.stringify(account))
  process.env.GOOGLE_APPLICATION_CREDENTIALS = file
}

/** Credentials of workload identity: the client exchanges a platform token for Google's, at the URL in the file. */
async function workloadIdentity(tokens: string): Promise<void> {
  const subject = join(folder, 'subject')
  await writeFile(subject, 'a token')
  await credentials({
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${tokens}/token`,
    credential_source: { file: subject },
  })
}

/** A service account. Google's client gets its tokens from a fixed address. */
async function serviceAccount(): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  await credentials({
    type: 'service_account',
    private_key: privateKey,
    client_email: 'a@example.com',
  })
}

const ask = (api: ReturnType<typeof connectSheets>) =>
  api.spreadsheets.get({ spreadsheetId: 's' }).then(
    ({ data }) => data.spreadsheetId,
    (error: Error) => toSheetsError(error),
  )

async function closed(seen: { open: number }): Promise<void> {
  while (seen.open > 0) await delay(20)
}

test('calls are retried after a token endpoint accepted the connection but never responded', async () => {
  const tokens = { answer: never }
  const { seen, url } = await serve(tokens)
  const answers = { answer: sheet }
  const google = await serve(answers)
  await workloadIdentity(url)
  const auth = new DeadlineAuth(timeout)
  const api = sheets({ version: 'v4', retry: false, rootUrl: `${google.url}/`, auth })
  for (const answer of await Promise.all([ask(api), ask(api), ask(api)])) {
    expect(answer).toBeInstanceOf(RetryLater)
    expect(String(answer)).toMatch(/Expected an access token within 150 ms/)
  }
  while (seen.requests < 2) expect(await ask(api)).toBeInstanceOf(RetryLater)
  expect(google.seen.requests).toBe(0)
  tokens.answer = token
  await until(async () => (await ask(api)) === 'Bearer a')
  // Requests of the auth library itself have the deadline too.
  answers.answer = never
  await expect(auth.request({ url: google.url })).rejects.toThrow(/aborted/)
  await closed(google.seen)
}, 20_000)

test('calls are retried after a proxy never responded to a CONNECT', async () => {
  const proxy = createServer()
  const sockets: Duplex[] = []
  proxy.on('connect', (_request, socket) => sockets.push(socket))
  servers.push(proxy)
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  await serviceAccount()
  const api = connectSheets({ timeout })
  while (sockets.length < 2) expect(await ask(api)).toBeInstanceOf(RetryLater)
  for (const socket of sockets) socket.destroy()
}, 20_000)

test.each([
  ['nothing', never],
  [
    'half of the headers',
    (request: IncomingMessage) => void request.socket.write('HTTP/1.1 200 OK\r\n'),
  ],
  [
    'half of the body',
    (_: unknown, response: ServerResponse) => void response.write('{"spreadsheetId"'),
  ],
])('calls are retried after Sheets responded with %s', async (_, answer) => {
  const google: { answer: RequestListener } = { answer }
  const { seen, url } = await serve(google)
  const api = connectSheets({ rootUrl: `${url}/`, timeout })
  const failed = await ask(api)
  expect(failed).toBeInstanceOf(RetryLater)
  await closed(seen)
  google.answer = sheet
  await until(async () => (await ask(api)) === 'without')
})

const googleError = (status: number, message: string) =>
  Object.assign(new Error(message), { status })

test.each([
  [googleError(400, 'Range (R!A9:C9) exceeds grid limits'), RetryLater],
  [googleError(503, 'The service is currently unavailable'), RetryLater],
  [googleError(429, 'Quota exceeded'), RetryLater],
  [googleError(400, 'A sheet with the name "responses" already exists'), Blocked],
  [googleError(403, 'The caller does not have permission'), Blocked],
  [googleError(404, 'Requested entity was not found'), Blocked],
  [googleError(401, 'Request had invalid authentication credentials'), BadCredentials],
  [googleError(400, 'invalid_grant: Invalid JWT Signature'), BadCredentials],
  [new BadCredentials('no file'), BadCredentials],
  [new Error('The socket was closed'), RetryLater],
])('an error of Google is mapped to its class: %#', (error, meaning) => {
  expect(toSheetsError(error)).toBeInstanceOf(meaning)
})
