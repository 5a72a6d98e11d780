import { expect, test } from '@jest/globals'
import { markdown } from './markdown.ts'

const shown = async (text: string): Promise<string> => (await markdown(text)).text.trim()

const texts: [name: string, text: string, html: string][] = [
  ['emphasis', '**a** *b*', '<p><strong>a</strong> <em>b</em></p>'],
  ['a heading, below that of the page', '# a', '<h2>a</h2>'],
  ['a link to a web site', '[a](https://b.example)', '<p><a href="https://b.example">a</a></p>'],
  ['a link for mail', '<c@d.example>', '<p><a href="mailto:c@d.example">c@d.example</a></p>'],
  ['a link to a page of this site', '[a](/forms/b)', '<p><a href="/forms/b">a</a></p>'],
]

test.each(texts)('%s', async (_, text, html) => expect(await shown(text)).toBe(html))

test.each([
  '<script>alert(1)</script>',
  'a <img src=x onerror=alert(1)> b',
  '[a](javascript:alert(1))',
  '[a](java&#115;cript:alert(1))',
  '[a](JavaScript:alert(1))',
  '[a](data:text/html,b)',
  '[a]: vbscript:b\n\n[a]',
])('%s is no element', async (text) => {
  expect(await shown(text)).not.toMatch(/<(script|img)|href=/)
})

test('a picture is a link: it would tell its site who reads the page', async () => {
  expect(await shown('![a](https://b.example/c.png)')).not.toContain('<img')
})
