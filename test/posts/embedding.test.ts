// Pages of other sites embed a form, by the script or in a frame, in a real browser. The pages have a strict Content-Security-Policy.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import { hasBrowser, openBrowser } from '../same-machine/browser.ts'
import { openSite, type Site, utf8 } from './site.ts'
import { openSurvey, type Survey } from './survey.ts'

let site: Site
let survey: Survey
let browser: Browser
const stored: string[] = []

type HostName = 'localhost' | 'evil.example'

interface Shown {
  path: string
  html: string
  options?: BrowserContextOptions
}

/** Shows a page that may load scripts from the endpoint, connect to it and frame it, and nothing else. */
async function openPage(name: HostName, { path, html, options }: Shown) {
  const { url } = survey
  const policy = `default-src 'none'; script-src ${url}; connect-src ${url}; frame-src ${url}`
  site.show(path, utf8(`<!doctype html><title>A page</title><body>${html}`), {
    'content-security-policy': policy,
  })
  const page = await browser.newPage(options)
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(`http://${name}:${site.port}${path}`)
  return { page, errors }
}

const embedded = (form: string) =>
  `<script src="${survey.url}/embed.js" data-form="${form}"></script>`

/** The background of the form, and of the page around it. By the protocol, as the policy of the page forbids `eval`. */
async function backgrounds(page: Page): Promise<string[]> {
  const expression = `
    const form = document.querySelector('div').shadowRoot.querySelector('.formstream');
    [form, document.body].map((element) => getComputedStyle(element).backgroundColor)`
  const session = await page.context().newCDPSession(page)
  const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true })
  return result.value
}

;(hasBrowser ? describe : describe.skip)('a form in a page of another site', () => {
  beforeAll(async () => {
    site = await openSite()
    survey = await openSurvey([`http://localhost:${site.port}`])
    browser = await openBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await survey?.close()
    site?.close()
  }, 60_000)

  test('is drawn by the script, checked and sent, and the thanks are shown in its place', async () => {
    const { page, errors } = await openPage('localhost', {
      path: '/one',
      html: `<p>Before</p>${embedded('survey')}`,
    })
    await page.fill('[name=lines]', 'one\ntwo')
    await page.click('button')
    await page.waitForSelector('.summary:visible')
    await page.fill('[name=name]', 'é embedded')
    await page.click('button')
    await page.waitForSelector('h1:text("Thank")')
    expect(page.url()).toBe(`http://localhost:${site.port}/one`)
    expect(await page.textContent('p')).toBe('Before')
    expect(await page.getAttribute('div', 'lang')).toBe('en')
    const [ofForm, ofPage] = await backgrounds(page)
    expect(ofForm).toMatch(/^rgb\(/)
    expect(ofForm).not.toBe(ofPage)
    expect(errors).toEqual([])
    await page.close()
    stored.push('é embedded')
    expect(await survey.rowsOf('é embedded')).toEqual([
      expect.objectContaining({ lines: 'one\ntwo' }),
    ])
  }, 60_000)

  test.each([
    ['light in a page that is never dark', '', /^rgb\(255/],
    [
      'dark in a page that is dark, too',
      '<meta name="color-scheme" content="light dark">',
      /^rgb\(\d\d,/,
    ],
  ])(
    'is %s, for people who prefer dark pages',
    async (_, meta, background) => {
      const options = { colorScheme: 'dark' } as const
      const html = meta + embedded('survey')
      const { page } = await openPage('localhost', { path: '/dark', html, options })
      await page.locator('.formstream').waitFor()
      expect((await backgrounds(page))[0]).toMatch(background)
      await page.close()
    },
    60_000,
  )

  test('is drawn as often as the page asks', async () => {
    const { page, errors } = await openPage('localhost', {
      path: '/two',
      html: embedded('survey').repeat(2),
    })
    const forms = page.locator('.formstream')
    await forms.nth(1).waitFor()
    for (const n of [0, 1]) {
      await forms.nth(n).locator('[name=name]').fill(`form ${n}`)
      await forms.nth(n).locator('button').click()
      await page.locator('h1:text("Thank")').nth(n).waitFor()
    }
    expect(errors).toEqual([])
    await page.close()
    for (const name of ['form 0', 'form 1']) {
      stored.push(name)
      expect(await survey.rowsOf(name)).toHaveLength(1)
    }
  }, 60_000)

  test.each<[why: string, name: HostName, form: string]>([
    ['to a page that it does not allow', 'evil.example', 'survey'],
    ['that allows no page', 'localhost', 'own'],
    ['that there is not', 'localhost', 'none'],
  ])(
    '%s is a link, and the console says why',
    async (_, name, form) => {
      const { page, errors } = await openPage(name, { path: '/link', html: embedded(form) })
      await page.waitForSelector('a:text("Open the form")')
      expect(await page.getAttribute('a', 'href')).toBe(`${survey.url}/forms/${form}`)
      expect(errors.join('\n')).toContain(`/forms/${form} cannot be shown here`)
      expect(await page.locator('form').count()).toBe(0)
      await page.close()
    },
    60_000,
  )

  test('that is closed says so in its place', async () => {
    const { page, errors } = await openPage('localhost', {
      path: '/closed',
      html: embedded('closed'),
    })
    await page.waitForSelector('p:text("This form is closed. It was open until")')
    expect(await page.locator('a:text("Open the form")').count()).toBe(0)
    expect(errors).toEqual([])
    await page.close()
  }, 60_000)

  test('with a captcha is drawn in a frame, as captchas do not work in a shadow root', async () => {
    const { page } = await openPage('localhost', { path: '/captcha', html: '<p>Before</p>' })
    await page.route(`${survey.url}/forms/survey`, async (route) => {
      const answer = await route.fetch()
      const body = (await answer.text()).replace('<button>', '<div data-sitekey="k"></div><button>')
      await route.fulfill({ response: answer, body })
    })
    site.show('/captcha', utf8(`<!doctype html><body>${embedded('survey')}`))
    await page.reload()
    const form = page.frameLocator('iframe[title="Survey"]')
    await form.locator('[name=name]').waitFor()
    await page.close()
  }, 60_000)

  test('works in a frame of a page that it allows', async () => {
    const frame = `<iframe src="${survey.url}/forms/survey"></iframe>`
    const { page } = await openPage('localhost', { path: '/frame', html: frame })
    const form = page.frameLocator('iframe')
    await form.locator('[name=name]').fill('in a frame')
    await form.locator('button').click()
    await form.locator('h1:text("Thank")').waitFor()
    await page.close()
    stored.push('in a frame')
    expect(await survey.rowsOf('in a frame')).toHaveLength(1)
  }, 60_000)

  test.each<[why: string, name: HostName, form: string]>([
    ['a page that it does not allow', 'evil.example', 'survey'],
    ['any page if it allows none', 'localhost', 'own'],
  ])(
    'is not shown in a frame of %s',
    async (_, name, form) => {
      const frame = `<iframe src="${survey.url}/forms/${form}"></iframe>`
      const { page, errors } = await openPage(name, { path: '/refused', html: frame })
      await page.waitForLoadState('networkidle')
      expect(errors.join('\n')).toMatch(/frame-ancestors/)
      expect(await page.frameLocator('iframe').locator('form').count()).toBe(0)
      await page.close()
    },
    60_000,
  )

  test.each([
    ['in the head', (tag: string) => `<head>${tag}</head>`],
    ['as a module', (tag: string) => `<body>${tag.replace('<script', '<script type="module"')}`],
  ])('is not drawn by a script %s, and the console says what is expected', async (_, pageOf) => {
    site.show('/wrong', utf8(`<!doctype html>${pageOf(embedded('survey'))}`))
    const page = await browser.newPage()
    const said = page.waitForEvent('console')
    await page.goto(`http://localhost:${site.port}/wrong`)
    expect((await said).text()).toMatch(/expected <script .* in the body/)
    await page.close()
  })

  test('stored each submission once', async () => {
    expect((await survey.allNames()).toSorted()).toEqual([...stored, 'last'].toSorted())
  }, 60_000)
})
