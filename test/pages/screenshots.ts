// Takes the pictures of docs/pages.md: node test/pages/screenshots.ts
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openSite } from './site.ts'

const folder = join(import.meta.dirname, '../../docs/pages')
const wide = { width: 800, height: 900 }
const phone = { width: 390, height: 844 }

await mkdir(folder, { recursive: true })
const site = await openSite()

async function take(
  name: string,
  path: string,
  options: object,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const context = await site.browser.newContext(options)
  const page = await context.newPage()
  await page.goto(site.base + path)
  await prepare(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await context.close()
}

async function answerWrongly(page: Page): Promise<void> {
  const texts = { name: 'Asha', roll: '12-34', cgpa: '11', born: '2004-05-06', why: 'To learn' }
  const others = { email: 'asha@example.org', mobile: '7004465984' }
  for (const [name, text] of Object.entries({ ...texts, ...others })) {
    await page.fill(`[name=${name}]`, text)
  }
  await page.selectOption('select', 'Physics')
  for (const name of ['days', 'visa', 'terms']) await page.check(`[name=${name}] >> nth=0`)
  await page.getByRole('button').click()
  await page.locator('.summary').waitFor()
}

const form = '/forms/application'
const receipt = `id=${'0'.repeat(36)}&token=${'a'.repeat(22)}`
await take('form', form, { viewport: wide })
await take('wrong-dark', form, { viewport: wide, colorScheme: 'dark' }, answerWrongly)
await take('phone-hindi', `${form}?lang=hi`, { viewport: phone })
await take('thanks', `${form}/thanks?${receipt}`, { viewport: phone })
await site.close()
