import { expect, test } from '@jest/globals'
import { makeApp } from '../app.fixture.ts'

test('the description of a protected form has its answers and its key', async () => {
  const text = (protect: string) =>
    `title: Demo\nfields:\n  item1: { type: text }\nprotect: { ${protect} }\n`
  const { app } = await makeApp({
    files: {
      'a.yaml': text('keys: [crm], perForm: 1 per day'),
      'b.yaml': text('minSeconds: 1'),
      'c.yaml': text('trap: true'),
    },
  })
  const { paths } = (await app.inject('/openapi.json')).json()
  const names = ['Unauthorized', 'TooMany']
  const own = (form: string) =>
    names.filter((name) =>
      JSON.stringify(paths[`/forms/${form}`].post.responses).includes(`/${name}"`),
    )
  expect(['a', 'b', 'c'].map(own)).toEqual([['Unauthorized', 'TooMany'], [], []])
  expect(paths['/forms/a'].post.security).toEqual([{ apiKey: [] }])
  expect(paths['/forms/c'].post.security).toBeUndefined()
})
