import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { parseRedisUrl, redisSettings } from './settings.ts'

test('a URL of one server gets defaults', () => {
  expect(parseRedisUrl('redis://cache')).toMatchObject({
    sentinel: false,
    options: { host: 'cache', port: 6379, db: 0 },
  })
})

test('user, password, TLS and database number are taken from the URL', () => {
  expect(parseRedisUrl('rediss://ann:p%40ss%2F@[::1]:7000/2')).toEqual({
    sentinel: false,
    options: { host: '::1', port: 7000, username: 'ann', password: 'p@ss/', tls: {}, db: 2 },
  })
})

test('the password is used for servers and sentinels', () => {
  expect(parseRedisUrl('redis+sentinel://:secret@a:1,b/main')).toEqual({
    sentinel: true,
    options: {
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
      ],
      name: 'main',
      password: 'secret',
      sentinelPassword: 'secret',
    },
  })
  expect(parseRedisUrl('rediss+sentinel://a/main')).toMatchObject({
    options: { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true },
  })
})

test.each([
  ['http://secret@a', /^expected redis:\/\//],
  ['redis://secret@a', /^expected/],
  ['redis://a,b', /several hosts without \+sentinel/],
  ['redis://:secret@a/main', /number of the database/],
  ['redis+sentinel://:secret@a:1,b:2', /no name of a master/],
  ['redis://:secret@a:port', /^expected/],
  ['redis://:%secret@a', /^expected/],
  ['redis://:secret%FF@a', /not percent-encoded/],
])('%s is rejected with a message that does not contain the password', (url, message) => {
  const wrong = parseRedisUrl(url)
  expect(wrong).toMatch(message)
  expect(wrong).not.toMatch(/secret/)
})

test('settings are read from the environment', () => {
  const Settings = z.object(redisSettings)
  expect(Settings.parse({})).toEqual({ REDIS_ACCEPTED_LOSS: 'nothing' })
  const { error } = Settings.safeParse({
    REDIS_URL: 'x',
    REDIS_REPLICAS: 'y',
    REDIS_ACCEPTED_LOSS: 'z',
  })
  expect(error?.issues.map(({ path }) => path[0])).toEqual([
    'REDIS_URL',
    'REDIS_REPLICAS',
    'REDIS_ACCEPTED_LOSS',
  ])
})
