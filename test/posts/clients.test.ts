// Programs submit a form: curl, Python, and bytes as a form of 1995 sent them. Each submission is one row, with the exact text.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { exchange, toAnswer } from '../raw.ts'
import { openSurvey, type Survey } from './survey.ts'

const run = promisify(execFile)

let survey: Survey
const stored: string[] = []
beforeAll(async () => {
  survey = await openSurvey([])
}, 60_000)
afterAll(() => survey?.close(), 30_000)

async function expectRow(name: string, answers: Record<string, string> = {}): Promise<void> {
  stored.push(name)
  expect(await survey.rowsOf(name)).toEqual([expect.objectContaining(answers)])
}

/** Runs curl. Resolves with status and content type of the answer. */
async function curl(...args: string[]): Promise<string> {
  const format = '%{stderr}%{http_code} %{content_type}'
  const { stderr } = await run('curl', ['-s', '-w', format, ...args, `${survey.url}/forms/survey`])
  return stderr
}

const json = '202 application/json; charset=utf-8'

test('curl, as a form', async () => {
  const fields = ['name=a & b = ü+%41', 'lines=1\r\n2\n\n=cmd', 'some=b', 'some=a', 'box=on']
  expect(await curl(...fields.flatMap((field) => ['--data-urlencode', field]))).toBe(json)
  await expectRow('a & b = ü+%41', { lines: '1\n2\n\n=cmd', some: 'b, a', box: 'TRUE' })
})

test('curl, as a form with raw bytes', async () => {
  expect(await curl('--data-binary', 'name=naïve+中')).toBe(json)
  await expectRow('naïve 中')
})

test('curl, as multipart', async () => {
  expect(await curl('-F', 'name=é "quoted"', '-F', 'some=c', '-F', 'lines= a\n b ')).toBe(json)
  await expectRow('é "quoted"', { some: 'c', lines: 'a\n b' })
})

test('curl, as JSON', async () => {
  const type = 'content-type: application/json'
  expect(await curl('-H', type, '-d', '{"name":"j","some":["a"],"box":false}')).toBe(json)
  await expectRow('j', { some: 'a', box: 'FALSE' })
})

test('curl with a file, or with another type', async () => {
  const file = resolve('package.json')
  for (const args of [
    ['-F', 'name=file', '-F', `photo=@${file}`],
    ['-F', `name=<${file};type=application/json`],
    ['-H', 'content-type: text/plain', '-d', 'name=text'],
    ['-H', 'content-type: application/xml', '-d', '<name>xml</name>'],
  ]) {
    expect(await curl(...args)).toMatch(/^415 application\/problem\+json/)
  }
})

test("Python's own client", async () => {
  const program = `
import urllib.parse, urllib.request, sys
body = urllib.parse.urlencode({'name': 'Zoë \\U0001f600', 'some': ['a', 'c']}, doseq=True).encode()
print(urllib.request.urlopen(sys.argv[1], body).status)
latin = urllib.parse.urlencode({'name': 'Müller'}, encoding='latin-1').encode()
request = urllib.request.Request(sys.argv[1], latin)
request.add_header('Content-Type', 'application/x-www-form-urlencoded; charset=ISO-8859-1')
print(urllib.request.urlopen(request).status)
`
  const { stdout } = await run('python3', ['-c', program, `${survey.url}/forms/survey`])
  expect(stdout).toBe('202\n202\n')
  await expectRow('Zoë 😀', { some: 'a, c' })
  await expectRow('Müller')
})

/** `.ci/run` installs schemathesis, which has requests. */
const python = resolve('.cache/schemathesis/bin/python')
const hasRequests = existsSync(python) && canImportRequests()
if (!hasRequests) console.warn('Skipped: the test with requests needs `.ci/run` to have run')

function canImportRequests(): boolean {
  try {
    execFileSync(python, ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const testWithRequests = hasRequests ? test : test.skip
testWithRequests('requests of Python: form, multipart, JSON, and a file', async () => {
  const program = `
import requests, sys
url = sys.argv[1]
print(requests.post(url, data={'name': 'r: é', 'some': ['a', 'b']}).status_code)
print(requests.post(url, files={'name': (None, 'r: ü')}).status_code)
print(requests.post(url, json={'name': 'r: ñ'}, headers={'Idempotency-Key': 'r'}).status_code)
print(requests.post(url, json={'name': 'r: ñ'}, headers={'Idempotency-Key': 'r'}).status_code)
print(requests.post(url, data={'name': 'r: file'}, files={'f': ('a.txt', 'x')}).status_code)
print(requests.post(url, data={'name': 'r: page'}, headers={'Accept': 'text/html'}).url.split('?')[0].rsplit('/', 1)[1])
`
  const { stdout } = await run(python, ['-c', program, `${survey.url}/forms/survey`])
  expect(stdout.trim().split('\n')).toEqual(['202', '202', '202', '202', '415', 'thanks'])
  await expectRow('r: é', { some: 'a, b' })
  for (const name of ['r: ü', 'r: ñ', 'r: page']) await expectRow(name)
})

/** A POST as a browser of 1995 sent it: HTTP/1.0, no Accept, no Origin. */
async function post1995(body: string, type = ''): Promise<number> {
  const head = [
    'POST /forms/survey HTTP/1.0',
    `Content-type: application/x-www-form-urlencoded${type}`,
    `Content-length: ${body.length}`,
  ]
  const message = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
  return toAnswer(await exchange(Number(new URL(survey.url).port), message)).status
}

test('a form of 1995 in ISO-8859-1, with its charset', async () => {
  expect(await post1995('name=Fran%E7ois+1&_charset_=ISO-8859-1')).toBe(202)
  expect(await post1995('name=Fran\xe7ois+2', '; charset=iso-8859-1')).toBe(202)
  expect(await post1995('_charset_=windows-1252&name=%80+3')).toBe(202)
  for (const name of ['François 1', 'François 2', '€ 3']) await expectRow(name)
})

test('a form of 1995 that does not tell its charset is refused', async () => {
  expect(await post1995('name=Fran%E7ois+4')).toBe(400)
  expect(await post1995('name=a&_charset_=x-mac-klingon')).toBe(415)
})

test('each submission was stored once, and nothing else', async () => {
  expect((await survey.allNames()).toSorted()).toEqual([...stored, 'last'].toSorted())
})
