// Web pages in a browser on this machine attack a running `npm start`: pages of another origin, and pages whose host name was rebound to
// this machine (DNS rebinding). They read nothing and change nothing.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { readRows } from '../../scripts/load/sheet.ts'
import { type Running, startInstance } from '../instance.ts'
import { hasBrowser, openBrowser } from './browser.ts'
import { calls, portsOf, type ServerName } from './servers.ts'

const attack = readFileSync(join(import.meta.dirname, 'attack.js'), 'utf8').replace(/^export /m, '')
const html = '<!doctype html><title>A page</title><body></body>'

let folder: string
let instance: Running
let browser: Browser
let site: Server
let ports: Record<ServerName, number>

async function records(topic: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const record of connectInstance(instance).records(topic, () => {})) found.push(record)
  return found
}

async function state() {
  const topics = ['forms.submitted', 'forms.validated', 'forms.dead-letter', 'forms.recorded']
  const faults = await (await fetch(`${instance.sheets}/emulator/faults`)).json()
  const rows = await readRows(instance.sheets as string, 'demo', 'Responses')
  return { records: await Promise.all(topics.map(records)), rows, faults }
}

/** Opens a page at `address` that makes all calls to the hosts: what it could read, and the answers that the browser saw. */
async function attackFrom(address: string, hosts: string[]) {
  const page = await browser.newPage()
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(address)
  await page.unrouteAll()
  let requests = 0
  page.on('request', () => {
    requests += 1
  })
  // Not all answers: Chromium does not report those with Cross-Origin-Resource-Policy: same-origin.
  const answers: string[] = []
  page.on('response', (answer) => {
    answers.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`)
  })
  const seen = await page.evaluate(`(${attack})(${JSON.stringify(callsTo(hosts))})`)
  await page.close()
  return { seen, requests, answers, accepted: answers.filter((line) => !/^40[13] /.test(line)) }
}

const servers = Object.keys(calls) as ServerName[]

const callsTo = (hosts: string[]) =>
  hosts.flatMap((host) =>
    servers.flatMap((server) =>
      calls[server].map((call) => ({
        ...call,
        url: `http://${host}:${ports[server]}${call.path}`,
      })),
    ),
  )

;(hasBrowser ? describe : describe.skip)('a web page in a browser on this machine', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-pages-'))
    instance = await startInstance(folder)
    await fetch(`${instance.endpoint}/forms/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item1: 'private', item2: 'too' }),
    })
    while ((await records('forms.recorded')).length === 0);
    const { sheets } = await connectInstance(instance).functions()
    ports = portsOf(instance, Number(sheets))
    site = createServer().listen(0, '127.0.0.1')
    await once(site, 'listening')
    browser = await openBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await instance?.stop()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  test.each([
    ['on another port', 'localhost', ['127.0.0.1', 'localhost']],
    ['on another host name', 'evil.example', ['127.0.0.1', 'localhost', 'evil.example']],
  ])(
    '%s reads nothing and changes nothing',
    async (_, host, targets) => {
      const before = await state()
      const { port } = site.address() as AddressInfo
      const { seen, requests, answers, accepted } = await attackFrom(
        `http://${host}:${port}/`,
        targets,
      )
      expect(seen).toEqual([])
      expect(accepted).toEqual([])
      expect(requests).toBeGreaterThan(100)
      expect(answers.length).toBeGreaterThan(20)
      expect(await state()).toEqual(before)
    },
    120_000,
  )

  test.each(servers)(
    'whose host name was rebound to the %s server reads nothing and changes nothing',
    async (server) => {
      const before = await state()
      const address = `http://evil.example:${ports[server]}/`
      const { seen, answers, accepted } = await attackFrom(address, ['evil.example'])
      expect(seen).toEqual([])
      expect(accepted).toEqual([])
      expect(answers.length).toBeGreaterThan(20)
      expect(await state()).toEqual(before)
    },
    120_000,
  )

  test('can link to the pages of the emulator, but to no other address of it', async () => {
    const page = await browser.newPage()
    const address = `http://localhost:${(site.address() as AddressInfo).port}/`
    const follow = async (path: string) => {
      const link = `<a href="http://127.0.0.1:${ports.emulator}${path}">a link</a>`
      await page.unrouteAll()
      await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: link }))
      await page.goto(address)
      const [answer] = await Promise.all([page.waitForNavigation(), page.click('a')])
      return answer?.status()
    }
    expect(await follow('/')).toBe(200)
    expect(await follow('/spreadsheets/demo')).toBe(200)
    expect(await follow('/v4/spreadsheets/demo/values/Responses')).toBe(403)
    expect(await follow('/emulator/faults')).toBe(403)
    await page.close()
  })
})
