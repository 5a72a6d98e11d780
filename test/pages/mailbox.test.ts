// The pages of the mailbox in a browser: accessible, narrow, and without what a mail could do.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { startMailbox } from '../../local/mail/mailbox.fixture.ts'
import { hasBrowser, openBrowser } from '../same-machine/browser.ts'
import { violationsOn } from './site.ts'

const describeInBrowser = hasBrowser ? describe : describe.skip
const confirmation =
  '<h1>Thank you, Ann</h1><p>We have your answers. <a href="https://example.org/receipt">Your receipt</a></p>'

let browser: Browser
const pages: Page[] = []
const servers: Server[] = []

async function open(url: string, options: object = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  pages.push(page)
  await page.goto(url)
  return page
}

/** A server that notes what is asked of it. */
async function listen() {
  const requests: string[] = []
  const server = createServer(({ url = '' }, response) => {
    requests.push(url)
    response.end()
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { remote: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

describeInBrowser('the mailbox', () => {
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    for (const server of servers.splice(0)) server.close()
  })
  afterAll(() => browser?.close())

  test.each(['light', 'dark'] as const)(
    'in %s colours axe-core finds nothing',
    async (colorScheme) => {
      const { url, send } = await startMailbox()
      expect(await violationsOn(await open(url, { colorScheme }))).toEqual([])
      await send({ html: confirmation })
      expect(await violationsOn(await open(url, { colorScheme }))).toEqual([])
      expect(await violationsOn(await open(`${url}/mails/1`, { colorScheme }))).toEqual([])
    },
  )

  test.each(['/', '/mails/1'])('%s fits on a narrow screen', async (path) => {
    const { url, send } = await startMailbox()
    await send({ subject: 'x'.repeat(300), text: 'y'.repeat(3000), html: confirmation })
    const page = await open(url + path, { viewport: { width: 390, height: 844 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })

  test('a mail appears in the open list, and opens', async () => {
    const { url, send } = await startMailbox()
    const page = await open(url)
    await page.locator('.live[data-state=live]').waitFor()
    await send({ html: confirmation })
    await page.getByRole('link', { name: 'Thank you, Ann' }).click()
    const frame = page.frameLocator('iframe')
    await frame.getByRole('heading', { name: 'Thank you, Ann' }).waitFor()
    const link = frame.getByRole('link', { name: 'Your receipt' })
    const opened = page.context().waitForEvent('page')
    await page
      .context()
      .route('https://example.org/**', (route) => route.fulfill({ body: 'receipt' }))
    await link.click()
    expect((await opened).url()).toContain('example.org')
  })

  test('the HTML of a mail runs no script and loads nothing', async () => {
    const { remote, requests } = await listen()
    const { url, send } = await startMailbox()
    await send({
      html: `<meta http-equiv="refresh" content="0;url=${remote}/refresh">
        <link rel="stylesheet" href="${remote}/style"><img src="${remote}/image">
        <img src="/messages"><iframe src="${remote}/frame"></iframe>
        <script>document.title = 'ran'; fetch('${remote}/script')</script>
        <form action="${remote}/form"><button>Send</button></form>
        <img src="x" onerror="document.title = 'ran'"><p>the end</p>`,
    })
    const page = await open(`${url}/mails/1`)
    const frame = page.frameLocator('iframe')
    await frame.getByText('the end').waitFor()
    await frame.getByRole('button').click()
    // Loaded from the mailbox itself, so the frame has had its time too.
    await page.reload({ waitUntil: 'load' })
    await frame.getByText('the end').waitFor()
    expect(await frame.locator('html').evaluate((root) => root.ownerDocument.title)).toBe('')
    expect(requests).toEqual([])
  })
})
