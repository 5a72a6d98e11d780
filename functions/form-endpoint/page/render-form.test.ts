// Forms as HTML: what people see and may answer, in their language.
import { expect, test } from '@jest/globals'
import { makeApp, type TestApp } from '../app.fixture.ts'

const form = (fields: string, page = '{}') => ({
  'a.yaml': `title: A <b>\npage: ${page}\nfields:\n  ${fields}\n`,
})

const browser = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
const answersOf = ({ appended }: TestApp) =>
  appended.map(([, { data }]) => (data as { answers: unknown }).answers)

test('texts of the file are text, not HTML', async () => {
  const { app } = await makeApp({ files: form('a: { type: text, label: "<i>", help: "</p>" }') })
  const { body } = await app.inject('/forms/a')
  expect(body).toContain('<h1>A &lt;b&gt;</h1>')
  expect(body).not.toMatch(/<i>|<\/p><\/p>/)
})

test('a question with yes and no can be answered with no', async () => {
  const test = await makeApp({ files: form('a: { type: boolean }') })
  const { body } = await test.app.inject('/forms/a')
  expect(body.match(/type="radio" name="a" value="(true|false)"/g)).toHaveLength(2)
  expect((await test.post('/forms/a', 'a=false', browser)).statusCode).toBe(303)
  expect(answersOf(test)).toEqual([{ a: false }])
})

test('chosen options stay after an error', async () => {
  const fields = ['b: { type: text }', 'a: { type: multi-choice, options: [x, y, z] }']
  const files = form([...fields, 'c: { type: choice, options: [p, q] }'].join('\n  '))
  const { post } = await makeApp({ files })
  const { statusCode, body } = await post('/forms/a', 'b=&a=x&a=z&c=q', browser)
  expect(statusCode).toBe(422)
  expect(body.match(/value="\w"[^>]* checked/g)?.map((tag) => tag[7])).toEqual(['x', 'z'])
  expect(body).toContain('<option value="q" selected>')
  expect(body).toContain('<a href="#f-b">b – Please answer this</a>')
})

const hindi =
  "{ texts: { hi: { fields: { b: { message: 'अपना नाम' }, c: { options: { p: पहला } } } } } }"

test('names that every object has are names and options like others', async () => {
  const fields = [
    'Constructor: { type: text }',
    'c: { type: choice, options: [constructor, valueOf] }',
  ]
  const { app } = await makeApp({ files: form(fields.join('\n  ')) })
  const { body } = await app.inject('/forms/a')
  expect(body).toContain('<option value="constructor">constructor</option>')
  expect(body).not.toContain('native code')
})

test('in another language labels, options and messages are in that language', async () => {
  const fields = ['a: { type: number, max: 9 }', 'b: { type: text, max: 3 }']
  const files = form([...fields, 'c: { type: choice, options: [p, q] }'].join('\n  '), hindi)
  const { post } = await makeApp({ files })
  const { body } = await post('/forms/a?lang=hi', 'a=10&b=abcd', browser)
  expect(body).toContain('>9 या उससे पहले की संख्या लिखें<')
  expect(body).toContain('>अपना नाम<')
  expect(body).toContain('>कृपया इसका उत्तर दें<')
  expect(body).toContain('<option value="p">पहला</option>')
  expect(body).not.toContain('Expected')
})

test("a form's own message for its pattern comes first", async () => {
  const files = form("a: { type: text, pattern: '[0-9]+', message: 'Expected digits' }")
  const { post } = await makeApp({ files })
  expect((await post('/forms/a', 'a=b', browser)).body).toContain('>Expected digits<')
})

test('names that the form does not have are named above it', async () => {
  const { post } = await makeApp({ files: form('a: { type: text }') })
  expect((await post('/forms/a', 'a=b&c=d', browser)).body).toContain('<li>c: Unknown field</li>')
})

test('the thanks link to the page of the submission', async () => {
  const { app } = await makeApp({ files: form('a: { type: text }', '{ thanks: "**Yes**" }') })
  const [id, token] = ['0'.repeat(36), 'a'.repeat(22)]
  const { body } = await app.inject(`/forms/a/thanks?id=${id}&token=${token}`)
  expect(body).toContain('<strong>Yes</strong>')
  expect(body).toContain(`href="/submissions/${id}?token=${token}&amp;lang=en"`)
  const { body: other } = await app.inject('/forms/a/thanks?id=../../x&token=%22')
  expect(other).not.toContain('href')
})

test('forms are listed only where the operator wants it', async () => {
  const { app } = await makeApp({ listForms: true })
  const { body } = await app.inject('/forms')
  expect(body).toContain('<a href="/forms/student-data" lang="en">Student data</a>')
  const other = await makeApp()
  expect((await other.app.inject('/forms')).statusCode).toBe(404)
})
