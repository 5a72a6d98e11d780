import { describe, expect, test } from '@jest/globals'
import { answersOf, makeApp } from '../../functions/form-endpoint/app.fixture.ts'
import { attacks, isEscaped } from './attacks.ts'

const files = {
  'demo.yaml':
    'title: Demo\nfields:\n  text: { type: text }\n  lines: { type: multiline }\n  size: { type: integer }\n',
}
const browser = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }

describe.each(attacks)('the answer %s', (attack) => {
  test('is stored as it was sent', async () => {
    const { post, appended } = await makeApp({ files })
    const { statusCode } = await post('/forms/demo', { text: attack, lines: attack, size: 1 })
    expect([statusCode, answersOf(appended)]).toEqual([
      202,
      { text: attack, lines: attack, size: 1 },
    ])
  })

  test('is shown as text', async () => {
    const { post, appended } = await makeApp({ files })
    const sent = new URLSearchParams({ text: attack, lines: attack, size: 'large' }).toString()
    const { statusCode, body } = await post('/forms/demo', sent, browser)
    expect([statusCode, appended]).toEqual([422, []])
    expect(isEscaped(body)).toBe(true)
    const value = /name="text"[^>]* value="([^"]*)"/.exec(body)?.[1]
    const lines = /name="lines"[^>]*>\n([^<]*)<\/textarea>/.exec(body)?.[1]
    expect([value, lines].map(unescaped)).toEqual([attack, attack])
  })
})

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const unescaped = (html: string | undefined): string | undefined =>
  html?.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name] as string)
