// Takes the pictures of docs/pages.md: node test/pages/screenshots.ts
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openSite } from './site.ts'

const folder = join(import.meta.dirname, '../../docs/pages')
const wide = { width: 800, height: 900 }
const phone = { width: 390, height: 844 }

await mkdir(folder, { recursive: true })
const site = await openSite()

async function take(name: string, path: string, options: object, prepare = ''): Promise<void> {
  const context = await site.browser.newContext(options)
  const page = await context.newPage()
  await page.goto(site.base + path)
  if (prepare) {
    await page.fill('[name=roll]', 'abc')
    await page.getByRole('button').click()
    await page.locator('.summary').waitFor()
  }
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await context.close()
}

const form = '/forms/application'
const receipt = `id=${'0'.repeat(36)}&token=${'a'.repeat(22)}`
await take('form', form, { viewport: wide })
await take('wrong-dark', form, { viewport: wide, colorScheme: 'dark' }, 'errors')
await take('phone-hindi', `${form}?lang=hi`, { viewport: phone })
await take('thanks', `${form}/thanks?${receipt}`, { viewport: phone })
await site.close()
