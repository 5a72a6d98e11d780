// The script with which other sites embed a form: small, cacheable, and for every site.
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { makeApp } from '../app.fixture.ts'

test('the script is sent to any site, once, compressed', async () => {
  const { app } = await makeApp()
  const headers = { 'accept-encoding': 'gzip', 'sec-fetch-site': 'cross-site' }
  const answer = await app.inject({ url: '/embed.js', headers })
  expect([answer.statusCode, answer.headers]).toEqual([
    200,
    expect.objectContaining({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=600',
      'cross-origin-resource-policy': 'cross-origin',
      vary: expect.stringContaining('Accept-Encoding'),
    }),
  ])
  expect(answer.rawPayload.length).toBeLessThan(2_000)
  const { etag = '' } = answer.headers
  const again = await app.inject({
    url: '/embed.js',
    headers: { ...headers, 'if-none-match': String(etag) },
  })
  expect([again.statusCode, again.payload]).toEqual([304, ''])
})

test('it loads the script of the page that this version has, which any site may read', async () => {
  const { app } = await makeApp()
  const headers = { 'accept-encoding': 'gzip' }
  const script = gunzipSync((await app.inject({ url: '/embed.js', headers })).rawPayload).toString()
  const address = /'(\/page\.js\?v=[\w-]+)'/.exec(script)?.[1] ?? ''
  const loaded = await app.inject(address)
  expect([loaded.statusCode, loaded.headers['access-control-allow-origin']]).toEqual([200, '*'])
})
