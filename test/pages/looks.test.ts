// What all pages have in common: accessible (axe-core), narrow screens, light and dark, few bytes and requests.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { hasBrowser } from '../same-machine/browser.ts'
import { openSite, type Site, violationsOn } from './site.ts'

const describeInBrowser = hasBrowser ? describe : describe.skip

let site: Site

const addresses: [page: string, path: string][] = [
  ['the form', '/forms/application'],
  ['the form in Hindi', '/forms/application?lang=hi'],
  ['the thanks', `/forms/application/thanks?id=${'0'.repeat(36)}&token=${'a'.repeat(22)}`],
  ['the list of forms', '/forms'],
  ['a page that does not exist', '/forms/none'],
]

async function withPage(options: object, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await site.browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await act(page)
  await context.close()
}

describeInBrowser('the pages', () => {
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site?.close())

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    test.each(addresses)('%s: axe-core finds nothing', (_, path) =>
      withPage({ colorScheme }, async (page) => {
        await page.goto(site.base + path)
        expect(await violationsOn(page)).toEqual([])
      }),
    )

    test.each([true, false])('with errors, scripts %s: axe-core finds nothing', (scripts) =>
      withPage({ colorScheme }, async (page) => {
        if (!scripts) await page.route('**/page.js*', (route) => route.abort())
        await page.goto(`${site.base}/forms/application`)
        if (!scripts) await page.evaluate('document.forms[0].noValidate = true')
        await page.getByRole('button').click()
        await page.locator('.summary').waitFor()
        expect(await page.locator('.wrong:visible').count()).toBe(11)
        expect(await violationsOn(page)).toEqual([])
      }),
    )
  })

  test.each(addresses)('%s fits on a narrow screen', (_, path) =>
    withPage({ viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(site.base + path)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    }),
  )

  test('the form is one request of less than 30 KB until it is painted', () =>
    withPage({}, async (page) => {
      const requests: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      await page.route('**/page.js*', (route) => route.abort())
      const address = `${site.base}/forms/application`
      const answer = await page.goto(address)
      expect((await answer?.body())?.length).toBeLessThan(30_000)
      // A busy machine may paint after the load.
      await page.waitForFunction("performance.getEntriesByType('paint').length > 0")
      expect(requests.filter((url) => !url.includes('/page.js'))).toEqual([address])
    }))

  test('the script has less than 5 KB as it is sent', async () => {
    const { body } = await site.app.inject('/forms/application')
    const url = /src="(\/page\.js[^"]*)"/.exec(body)?.[1]
    const answer = await site.app.inject({
      url: url as string,
      headers: { 'accept-encoding': 'gzip' },
    })
    expect(answer.rawPayload.length).toBeLessThan(5_000)
    expect(answer.headers['cache-control']).toContain('immutable')
  })
})
