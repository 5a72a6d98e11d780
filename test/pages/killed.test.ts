// The server is killed between a click and its answer, and comes back: the submission is there once, and the answers were kept.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { readRecord } from '#kit/http/read-event.ts'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { freePorts } from '../free-ports.ts'
import { type Running, startInstance } from '../instance.ts'
import { hasBrowser, openBrowser } from '../same-machine/browser.ts'

const describeInBrowser = hasBrowser ? describe : describe.skip

let folder: string
let browser: Browser
let instance: Running
let port: number

const start = async () => {
  instance = await startInstance(folder, { PORT: String(port) })
}

async function submissions(): Promise<string[]> {
  const ids = new Set<string>()
  for await (const record of connectInstance(instance).records('forms.submitted', () => {})) {
    ids.add(readRecord(record).id)
  }
  return [...ids]
}

/** Clicks; the submission is stored, but its answer never arrives, as the server is killed. */
async function clickAndKill(page: Page): Promise<void> {
  await page.route(
    /forms\/demo\?/,
    async (route) => {
      await route.fetch()
      await instance.kill()
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
  await page.getByRole('button').click()
  await page.getByText('No connection').waitFor()
}

describeInBrowser('a server that is killed between click and answer', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-killed-'))
    const [free] = await freePorts(1)
    port = free as number
    browser = await openBrowser()
  })
  afterEach(() => instance?.stop())
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each([
    ['the page that waits', false],
    ['a page that was opened again', true],
  ])(
    '%s has one submission',
    async (_, again) => {
      await start()
      const before = await submissions()
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/forms/demo`)
      await page.fill('[name=item1]', `again ${again}`)
      await page.fill('[name=item2]', 'two')
      await clickAndKill(page)
      // The script of the page would send the answers itself once the server is back.
      if (again) await page.goto('about:blank')
      await start()
      if (again) {
        await page.goto(`http://127.0.0.1:${port}/forms/demo`)
        expect(await page.inputValue('[name=item1]')).toBe('again true')
        await page.getByRole('button').click()
      }
      await page.waitForURL(/thanks/)
      expect(await submissions()).toHaveLength(before.length + 1)
      await page.close()
      await instance.stop()
    },
    120_000,
  )
})
