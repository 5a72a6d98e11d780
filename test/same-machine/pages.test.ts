// Pages in a browser of this machine: one of another origin, and one whose name has been pointed at this machine (DNS rebinding), get
// nothing of `npm start`, and do nothing to it.
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
import { calls, portOf } from './servers.ts'

const attack = readFileSync(join(import.meta.dirname, 'attack.js'), 'utf8').replace(/^export /m, '')
const html = '<!doctype html><title>A page</title><body></body>'

let folder: string
let instance: Running
let browser: Browser
let site: Server
let ports: Record<keyof typeof calls, number>

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

/** What the page at `address` saw, and the answers that its calls got. */
async function attackFrom(address: string, targets: string[]) {
  const page = await browser.newPage()
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(address)
  await page.unrouteAll()
  let tries = 0
  page.on('request', () => {
    tries += 1
  })
  // Not of all: Chromium withholds those whose Cross-Origin-Resource-Policy says same-origin.
  const answers: string[] = []
  page.on('response', (answer) => {
    answers.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`)
  })
  const seen = await page.evaluate(`(${attack})(${JSON.stringify(targetsToCalls(targets))})`)
  await page.close()
  return { seen, tries, answers, taken: answers.filter((line) => !/^40[13] /.test(line)) }
}

const targetsToCalls = (hosts: string[]) =>
  hosts.flatMap((host) =>
    (Object.keys(calls) as (keyof typeof calls)[]).flatMap((server) =>
      calls[server].map((call) => ({
        ...call,
        url: `http://${host}:${ports[server]}${call.path}`,
      })),
    ),
  )

;(hasBrowser ? describe : describe.skip)('a page of another site', () => {
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
    const portIn = (url: string | undefined) => Number(new URL(String(url)).port)
    ports = {
      control: portIn(instance.control),
      function: portOf(Number(sheets)),
      emulator: portIn(instance.sheets),
    }
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
    ['of another port', 'localhost', ['127.0.0.1', 'localhost']],
    ['of another name', 'evil.example', ['127.0.0.1', 'localhost', 'evil.example']],
  ])(
    '%s sees nothing and changes nothing',
    async (_, host, targets) => {
      const before = await state()
      const { port } = site.address() as AddressInfo
      const { seen, tries, answers, taken } = await attackFrom(`http://${host}:${port}/`, targets)
      expect(seen).toEqual([])
      expect(taken).toEqual([])
      expect(tries).toBeGreaterThan(100)
      expect(answers.length).toBeGreaterThan(20)
      expect(await state()).toEqual(before)
    },
    120_000,
  )

  test.each(Object.keys(calls) as (keyof typeof calls)[])(
    'whose name was pointed at the %s sees nothing and changes nothing',
    async (server) => {
      const before = await state()
      const address = `http://evil.example:${ports[server]}/`
      const { seen, answers, taken } = await attackFrom(address, ['evil.example'])
      expect(seen).toEqual([])
      expect(taken).toEqual([])
      expect(answers.length).toBeGreaterThan(20)
      expect(await state()).toEqual(before)
    },
    120_000,
  )

  test('may lead to the pages of the emulator by a link, and to nothing else of it', async () => {
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
