// A stand-in for a captcha provider, over HTTP: a token can be used once, and the provider can have faults.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from '@jest/globals'

export type Fault = 'slow' | 'garbage' | 'status' | 'cut' | 'wrong secret'

export interface StandInProvider {
  url: string
  /** What it was asked, in order. */
  asked: Record<string, string>[]
  fault: Fault | undefined
}

export const secret = 'the secret at the provider'

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

/** Accepts tokens that begin with `solved`. Closes after the test. */
export async function startProvider(): Promise<StandInProvider> {
  const used = new Set<string>()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const asked = Object.fromEntries(new URLSearchParams(text))
    provider.asked.push(asked)
    if (provider.fault) fail(response, provider.fault)
    else answer(response, verdictOn(asked, used))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const provider: StandInProvider = {
    url: `http://127.0.0.1:${port}/verify`,
    asked: [],
    fault: undefined,
  }
  return provider
}

function verdictOn({ secret: sent, response = '' }: Record<string, string>, used: Set<string>) {
  if (sent !== secret) return refused('invalid-input-secret')
  if (!response.startsWith('solved')) return refused('invalid-input-response')
  if (used.has(response)) return refused('timeout-or-duplicate')
  used.add(response)
  return { success: true, 'error-codes': [], hostname: 'forms.example' }
}

const refused = (error: string) => ({ success: false, 'error-codes': [error] })

const answer = (response: ServerResponse, body: unknown): void => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === 'garbage') response.end('<h1>Hello</h1>')
  if (fault === 'status') response.writeHead(500).end()
  if (fault === 'cut') response.destroy()
  if (fault === 'wrong secret') answer(response, refused('invalid-input-secret'))
}
