// Plain HTML forms and scripts on pages of other sites submit a form, in a real browser. The form allows http://localhost only.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { hasBrowser, openBrowser } from '../same-machine/browser.ts'
import { openSite, type Site, utf8 } from './site.ts'
import { openSurvey, type Survey } from './survey.ts'

let site: Site
let survey: Survey
let browser: Browser
const stored: string[] = []

async function expectRow(name: string, answers: Record<string, string> = {}): Promise<void> {
  stored.push(name)
  expect(await survey.rowsOf(name)).toEqual([expect.objectContaining(answers)])
}

/** Opens a page of the site under one of its names. */
async function openPage(name: 'localhost' | 'evil.example', path: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`http://${name}:${site.port}${path}`)
  return page
}

const fields = '<input name=name><textarea name=lines></textarea><input type=file name=photo>'
const boxes = ['a', 'b'].map((value) => `<input type=checkbox name=some value=${value}>`).join('')
const formOf = (attributes: string, more = '') =>
  `<!doctype html><form method=post action="${survey.url}/forms/survey" ${attributes}>${fields}${boxes}${more}<button>Send</button></form>`

/** Sends JSON by a script of the page: the status and what of the answer the script can read. */
const sendByScript = (page: Page, names: string[]): Promise<string[]> =>
  page.evaluate(`(async () => {
    const answers = []
    for (const name of ${JSON.stringify(names)}) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' + name }
      const sent = { method: 'POST', headers, body: JSON.stringify({ name }) }
      const answer = await fetch('${survey.url}/forms/survey', sent).catch(() => undefined)
      answers.push(answer ? answer.status + ' ' + Object.keys(await answer.json()) : 'none')
    }
    return answers
  })()`)

/** Fills in the form and sends it. Resolves with the status of the answer to the POST, and the address of the last page. */
async function submit(page: Page, name: string) {
  await page.fill('[name=name]', name)
  await page.fill('[name=lines]', 'one\ntwo')
  await page.check('[name=some][value=b]')
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
  await page.click('button')
  const status = (await answered).status()
  await page.waitForLoadState()
  const url = page.url()
  await page.close()
  return { status, url }
}

;(hasBrowser ? describe : describe.skip)('a page of another site', () => {
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

  test.each([
    ['urlencoded', 'é & क'],
    ['multipart', 'ü "—" 中'],
  ])(
    'that the form allows: a %s form is stored, and thanks follow',
    async (type, name) => {
      const isMultipart = type === 'multipart'
      // Without enctype, a browser sends the name of a file only: an answer that the form does not know.
      const html = formOf(isMultipart ? 'enctype=multipart/form-data' : '')
      const shown = isMultipart ? html : html.replace('<input type=file name=photo>', '')
      site.show(`/${type}`, utf8(shown))
      const { status, url } = await submit(await openPage('localhost', `/${type}`), name)
      expect([status, url.split('?')[0]]).toEqual([303, `${survey.url}/forms/survey/thanks`])
      await expectRow(name, { lines: 'one\ntwo', some: 'b' })
    },
    60_000,
  )

  test('that the form allows, of 1995: text in ISO-8859-1 is stored as it was typed', async () => {
    const plain = formOf('accept-charset="ISO-8859-1"', '<input type=hidden name=_charset_>')
    const html = `<title>caf\xe9</title>${plain.replace('<input type=file name=photo>', '')}`
    site.show('/1995', html, { 'content-type': 'text/html; charset=ISO-8859-1' })
    expect((await submit(await openPage('localhost', '/1995'), 'Crème – 5 €')).status).toBe(303)
    await expectRow('Crème – 5 €', { lines: 'one\ntwo' })
  }, 60_000)

  test('that it does not allow: the person sees why, and nothing is stored', async () => {
    site.show('/refused', utf8(formOf('enctype=multipart/form-data')))
    const page = await openPage('evil.example', '/refused')
    await page.fill('[name=name]', 'refused')
    await page.click('button')
    await page.waitForURL(/forms\/survey/)
    expect(await page.textContent('body')).toContain('Not allowed from this page')
    await page.close()
  }, 60_000)

  test('that asks for a file: the person sees why, and nothing is stored', async () => {
    site.show('/file', utf8(formOf('enctype=multipart/form-data')))
    const page = await openPage('localhost', '/file')
    await page.fill('[name=name]', 'with a file')
    await page.setInputFiles('[type=file]', 'package.json')
    await page.click('button')
    await page.waitForURL(/forms\/survey/)
    expect(await page.textContent('body')).toContain('Expected a form without files')
    await page.close()
  }, 60_000)

  test('that the form allows: its script submits, after one preflight for several', async () => {
    site.show('/script', '<!doctype html>')
    const page = await openPage('localhost', '/script')
    const before = await survey.preflights()
    const answers = await sendByScript(page, ['script 1', 'script 2', 'script 2', ''])
    expect(answers).toEqual([...Array(3).fill('202 id,status'), '422 type,status,title,errors'])
    expect((await survey.preflights()) - before).toBe(1)
    await page.close()
    await expectRow('script 1')
    await expectRow('script 2')
  }, 60_000)

  test('that it does not allow: its script reads nothing, and nothing is stored', async () => {
    site.show('/script', '<!doctype html>')
    const page = await openPage('evil.example', '/script')
    expect(await sendByScript(page, ['refused script'])).toEqual(['none'])
    // What a browser sends without a preflight.
    await page.evaluate(`(async () => {
      const body = new URLSearchParams({ name: 'refused script' })
      await fetch('${survey.url}/forms/survey', { method: 'POST', mode: 'no-cors', body }).catch(() => {})
      navigator.sendBeacon('${survey.url}/forms/survey', body)
    })()`)
    await page.close()
  }, 60_000)

  test('stored each accepted submission once, and nothing else', async () => {
    expect((await survey.allNames()).toSorted()).toEqual([...stored, 'last'].toSorted())
  }, 60_000)
})
