import { expect, test } from '@jest/globals'
import { findFieldTypes } from '#kit/forms/find-field-types.ts'
import { makeApp } from '../app.fixture.ts'
import { en } from './words/en.ts'
import { hi } from './words/hi.ts'

const files = {
  'a.yaml':
    'title: One\npage: { texts: { hi: { title: एक }, pt-BR: { title: Um }, ar: { title: واحد } } }\nfields: { a: { type: text } }\n',
}

const wanted: [accepted: string, query: string, title: string][] = [
  ['', '', 'One'],
  ['fr', '', 'One'],
  ['hi', '', 'एक'],
  ['hi-IN,en;q=0.5', '', 'एक'],
  ['en-GB,hi;q=0.9', '', 'One'],
  ['hi;q=0.1,pt;q=0.2', '', 'Um'],
  ['hi;q=0', '', 'One'],
  ['en', '?lang=hi', 'एक'],
  ['en', '?lang=HI', 'एक'],
  ['hi', '?lang=<b>', 'एक'],
  ['en', '?lang=de&lang=hi', 'एक'],
]

test.each(wanted)('Accept-Language %p and %p: %s', async (accepted, query, title) => {
  const { app } = await makeApp({ files })
  const headers = { 'accept-language': accepted }
  const { body } = await app.inject({ url: `/forms/a${query}`, headers })
  expect(body).toContain(`<h1>${title}</h1>`)
})

test('the page says its language and direction, and links to the others', async () => {
  const { app } = await makeApp({ files })
  const { body } = await app.inject('/forms/a?lang=ar')
  expect(body).toContain('<html lang="ar" dir="rtl">')
  expect(body).toContain('<a href="?lang=hi" hreflang="hi" lang="hi">हिन्दी</a>')
  expect(body).not.toContain('href="?lang=ar"')
})

test('the language stays after a submission', async () => {
  const { post } = await makeApp({ files })
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  const { headers: sent } = await post('/forms/a?lang=hi', 'a=b', headers)
  expect(sent.location).toBe('/forms/a/thanks?lang=hi')
})

test('Hindi has all words of English, and a text for each field type', async () => {
  expect(Object.keys(hi).toSorted()).toEqual(Object.keys(en).toSorted())
  const types = [...(await findFieldTypes()).keys()]
  expect(Object.keys(hi.expected).toSorted()).toEqual(types.toSorted())
})
