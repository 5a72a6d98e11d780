// People fill in a form in a real browser: with and without JavaScript, by keyboard, with Back and double clicks.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { hasBrowser } from '../same-machine/browser.ts'
import { answersIn, openSite, type Site, submissionsIn } from './site.ts'

const describeInBrowser = hasBrowser ? describe : describe.skip

let site: Site
let page: Page

async function openPage(options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
  const context = await site.browser.newContext(options)
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
}

const button = () => page.getByRole('button', { name: 'Submit' })
const message = (name: string) => page.locator(`#f-${name}-wrong`).textContent()

async function fillIn(answers: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(answers)) await page.fill(`[name=${name}]`, text)
}

const hasFocus = (selector: string) =>
  page.waitForFunction(`document.activeElement.matches('${selector}')`)

describeInBrowser('in a browser', () => {
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site?.close())
  beforeEach(() => {
    site.events.length = 0
    site.outage = false
  })
  afterEach(() => page.context().close())

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_, javaScriptEnabled) => {
    beforeEach(() => openPage({ javaScriptEnabled }))

    test('a wrong answer is explained beside its field, corrected, and thanked for', async () => {
      await page.goto(`${site.base}/forms/short`)
      // An emoji is one character of the form, and two of the browser.
      await fillIn({ name: '👍👍👍👍👍👍', age: '20' })
      await button().click()
      await page.locator('.summary').waitFor()
      expect(await message('name')).toContain('Expected text of at most 5 characters')
      expect(await page.getAttribute('[name=name]', 'aria-invalid')).toBe('true')
      await hasFocus('.summary')
      expect(site.events).toEqual([])

      await page.locator('.summary a').click()
      await hasFocus('#f-name')
      await fillIn({ name: '👍👍👍👍👍' })
      await button().click()
      await page.waitForURL(/thanks/)
      expect(await page.textContent('h1')).toBe('Thank you')
      expect(answersIn(site.events)).toEqual([{ name: '👍👍👍👍👍', age: 20 }])
    })

    test('what only the server knows is wrong is explained, and the answers are kept', async () => {
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20', email: `${'a'.repeat(65)}@example.org` })
      await button().click()
      await page.locator('.summary').waitFor()
      expect(await message('email')).toContain('Expected an e-mail address')
      expect(await page.inputValue('[name=name]')).toBe('Ann')
    })

    test('Back and the same answers again are one submission', async () => {
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20' })
      await button().click()
      await page.waitForURL(/thanks/)
      await page.goBack()
      await page.locator('[name=name]').waitFor()
      await fillIn({ name: 'Ann', age: '20' })
      await button().click()
      await page.waitForURL(/thanks/)
      expect(site.events.length).toBeGreaterThan(0)
      expect(submissionsIn(site.events)).toBe(1)
    })

    test('a double click is one submission', async () => {
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20' })
      await button().dblclick()
      await page.waitForURL(/thanks/)
      expect(site.events.length).toBeGreaterThan(0)
      expect(submissionsIn(site.events)).toBe(1)
    })
  })

  test('without JavaScript, a page that could not be stored comes back with the answers', async () => {
    await openPage({ javaScriptEnabled: false })
    site.outage = true
    await page.goto(`${site.base}/forms/short`)
    await fillIn({ name: 'Ann', age: '20' })
    await button().click()
    await page.getByText('could not be stored').waitFor()
    site.outage = false
    await button().click()
    await page.waitForURL(/thanks/)
    expect(answersIn(site.events)).toEqual([{ name: 'Ann', age: 20 }])
  })

  describe('with JavaScript', () => {
    beforeEach(() => openPage())

    test('an answer is checked while it is typed', async () => {
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ age: '200' })
      await page.focus('[name=name]')
      expect(await message('age')).toContain('150')
      await fillIn({ age: '15' })
      expect(await message('age')).toBe('')
    })

    test('in Hindi, the script speaks Hindi', async () => {
      await page.goto(`${site.base}/forms/application?lang=hi`)
      await fillIn({ roll: 'abc', cgpa: '11' })
      await page.getByRole('button').click()
      await page.getByText('कुछ उत्तर सही नहीं हैं').waitFor()
      expect(await message('roll')).toBe('1 से 10 अंक लिखें')
      expect(await message('cgpa')).toBe('0 से 10 तक की संख्या लिखें')
      expect(await message('course')).toBe('कृपया इसका उत्तर दें')
      expect(await page.textContent('.summary')).not.toMatch(/Expected|Please/)
    })

    test('the keyboard is enough', async () => {
      await page.goto(`${site.base}/forms/short`)
      const { keyboard } = page
      await keyboard.press('Tab')
      await keyboard.type('Ann')
      await keyboard.press('Tab')
      await keyboard.type('20')
      await keyboard.press('Enter')
      await page.waitForURL(/thanks/)
      expect(answersIn(site.events)).toEqual([{ name: 'Ann', age: 20 }])
    })

    test('nobody is too fast for the form', async () => {
      await page.goto(`${site.base}/forms/timed`)
      await fillIn({ name: 'Ann' })
      await button().click()
      await page.waitForURL(/thanks/)
      expect(answersIn(site.events)).toEqual([{ name: 'Ann' }])
    })

    test('a page that the endpoint does not know any more is a new one with the answers', async () => {
      await page.goto(`${site.base}/forms/timed`)
      await fillIn({ name: 'Bob' })
      site.secrets[0] = 'another secret of 32 characters or more'
      await button().click()
      await page.getByText('These are your answers from before').waitFor()
      await button().click()
      await page.waitForURL(/thanks/)
      expect(answersIn(site.events)).toEqual([{ name: 'Bob' }])
    })

    test('a submission is repeated until it is accepted, and people see that', async () => {
      site.outage = true
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20' })
      await button().click()
      await page.getByText('Trying again').waitFor()
      site.outage = false
      await page.waitForURL(/thanks/)
      expect(answersIn(site.events)).toEqual([{ name: 'Ann', age: 20 }])
    })

    test('answers are kept until they are accepted, but no PIN', async () => {
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20', pin: '1234' })
      await page.reload()
      expect(await page.inputValue('[name=name]')).toBe('Ann')
      expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('1234')
      await button().click()
      await page.waitForURL(/thanks/)
      expect(await page.evaluate('localStorage.length')).toBe(0)
    })

    test('where the browser refuses storage, the form works', async () => {
      await page.addInitScript(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })",
      )
      await page.goto(`${site.base}/forms/short`)
      await fillIn({ name: 'Ann', age: '20' })
      await button().click()
      await page.waitForURL(/thanks/)
      expect(submissionsIn(site.events)).toBe(1)
    })
  })
})
