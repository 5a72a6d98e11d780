// Receipts of a real `npm start`: a person follows a submission in a browser until it is in the sheet, with JavaScript and without;
// after a crash; and after a dead letter.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import type { Receipt } from '../functions/form-endpoint/receipt/receipt.ts'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { type Running, startInstance } from './instance.ts'
import { hasBrowser, openBrowser } from './same-machine/browser.ts'

const testInBrowser = hasBrowser ? test : test.skip

let dataDir: string
let instance: Running
let browser: Browser | undefined

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'formstream-receipts-'))
  instance = await startInstance(dataDir)
  if (hasBrowser) browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await instance.stop()
  await rm(dataDir, { recursive: true })
}, 60_000)

/** The Sheets emulator takes so long for each call. */
async function slowSheets(latencyMs: number): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ latencyMs })
  const url = `${instance.sheets}/emulator/faults`
  expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200)
}

/** Returns the address of the receipt. */
async function submit(item1: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ item1, item2: 'b' })
  const answer = await fetch(`${instance.endpoint}/forms/demo`, { method: 'POST', headers, body })
  expect(answer.status).toBe(202)
  return answer.headers.get('location') as string
}

async function receiptAt(address: string): Promise<Receipt> {
  const answer = await fetch(`${instance.endpoint}${address}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Receipt
}

/** Resolves with the receipt once the step of the sheet has this state. */
async function waitForSheet(address: string, state: string): Promise<Receipt> {
  for (;;) {
    const receipt = await receiptAt(address)
    if (receipt.steps.some((step) => step.task === 'sheets' && step.state === state)) return receipt
    await delay(50)
  }
}

const recorded = '[data-task=sheets][data-state=recorded]'

testInBrowser(
  'a person submits the page, follows the link of the thanks, and sees the row appear without a reload',
  async () => {
    await slowSheets(2000)
    const page = await (browser as Browser).newPage()
    await page.goto(`${instance.endpoint}/forms/demo`)
    await page.fill('[name=item1]', 'hello')
    await page.fill('[name=item2]', 'world')
    await page.click('button')
    await page.waitForURL('**/thanks?**')
    await page.click('a[href^="/submissions/"]')
    await page.waitForSelector('[data-task=sheets][data-state=waiting]')
    await page.evaluate('document.body.dataset.loaded = "once"')
    await slowSheets(0)
    await page.waitForSelector(`body[data-loaded=once] ${recorded}`)
    expect(await page.textContent(recorded)).toMatch(/row \d+ of /)
    await page.close()
  },
  120_000,
)

testInBrowser(
  'without JavaScript the page is loaded again until the row is there',
  async () => {
    await slowSheets(2000)
    const address = await submit('no script')
    const context = await (browser as Browser).newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${instance.endpoint}${address}`)
    await slowSheets(0)
    await page.waitForSelector(recorded)
    await context.close()
  },
  120_000,
)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  testInBrowser(
    'axe-core finds nothing on a receipt, and a narrow screen shows it without scrolling sideways',
    async () => {
      const address = await submit(`${colorScheme} ${'x'.repeat(50)}`)
      await waitForSheet(address, 'recorded')
      const viewport = { width: 390, height: 800 }
      const context = await (browser as Browser).newContext({ colorScheme, viewport })
      const page = await context.newPage()
      await page.goto(`${instance.endpoint}${address}`)
      const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`)
      expect(violations).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      await context.close()
    },
    60_000,
  )
})

test('after a crash receipts are as before, and those of submissions that waited reach the sheet', async () => {
  const before = await submit('before')
  const receipt = await waitForSheet(before, 'recorded')
  const waiting = await submit('waiting')
  await instance.kill()
  instance = await startInstance(dataDir)
  expect(await receiptAt(before)).toEqual(receipt)
  await waitForSheet(waiting, 'recorded')
}, 120_000)

test('a dead letter is shown; once the row is written after all, the receipt says so', async () => {
  await slowSheets(5000)
  const address = await submit('dead letter')
  const { id } = await receiptAt(address)
  await waitForSheet(address, 'waiting')
  const { control, token } = instance
  for await (const { headers, body } of connectInstance(instance).records(
    'forms.validated',
    () => {},
  )) {
    if (headers['ce-subject'] !== id) continue
    // What a source writes when it gives up.
    const failure = {
      'ce-knativeerrordest': 'http://sheets.localhost/',
      'ce-knativeerrorcode': '503',
      'ce-knativeerrordata': '',
    }
    const sent = { ...headers, ...failure, authorization: `Bearer ${token}` }
    const url = `${control}/topics/forms.dead-letter`
    expect((await fetch(url, { method: 'POST', headers: sent, body })).ok).toBe(true)
  }
  expect((await waitForSheet(address, 'failed')).status).toBe('failed')
  await slowSheets(0)
  for await (const { result } of connectInstance(instance).replay({
    task: undefined,
    discard: undefined,
    dryRun: false,
  })) {
    expect(result).toBe('handled')
  }
  expect((await waitForSheet(address, 'recorded')).status).toBe('done')
}, 120_000)

test('without the token, and with another one, there is nothing to see', async () => {
  const address = await submit('secret')
  await waitForSheet(address, 'recorded')
  const [path = ''] = address.split('?')
  const answers = await Promise.all(
    [path, `${path}?token=${'A'.repeat(43)}`, '/submissions/x?token=y'].map(async (one) => {
      const answer = await fetch(`${instance.endpoint}${one}`)
      return `${answer.status} ${await answer.text()}`
    }),
  )
  expect(answers[0]).toMatch(/^404 /)
  expect(new Set(answers).size).toBe(1)
})
