// The settings for the mail server.
import { expect, test } from '@jest/globals'
import { readConfig } from '#kit/config.ts'
import { Config } from './config.ts'
import task from './task.ts'

const url = 'smtp://user:a-password@mail.example.org:587'

test('the sender is one address, with or without a name', () => {
  const senderOf = (SMTP_FROM: string) => readConfig(Config, { SMTP_URL: url, SMTP_FROM }).SMTP_FROM
  expect(senderOf('Büro <office@example.org>')).toEqual({
    name: 'Büro',
    address: 'office@example.org',
  })
  expect(senderOf('office@example.org')).toEqual({ name: '', address: 'office@example.org' })
  for (const wrong of ['Office', 'a@example.org, b@example.org', 'a@[1.2.3.4]'])
    expect(() => senderOf(wrong)).toThrow('SMTP_FROM: expected one address')
})

test('settings that belong together are required together, and no secret is printed', () => {
  const errorOf = (environment: Record<string, string>): string => {
    try {
      // That of the task, which the kit completes.
      readConfig(task.config, environment)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(errorOf({})).toBe('')
  expect(errorOf({ SMTP_URL: url })).toContain('SMTP_FROM: expected an address, as SMTP_URL is set')
  expect(errorOf({ DKIM_DOMAIN: 'example.org' })).toMatch(
    /DKIM_SELECTOR: expected a value[\s\S]*DKIM_PRIVATE_KEY: expected a value/,
  )
  const wrong = errorOf({
    SMTP_URL: 'http://user:hidden@mail.example.org',
    DKIM_PRIVATE_KEY: 'hidden',
  })
  expect(wrong).toContain('SMTP_URL: expected smtp://')
  expect(wrong).not.toContain('hidden')
})

test('a key may be written in one line', () => {
  const key = '-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----'
  const dkim = { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'mail', DKIM_PRIVATE_KEY: key }
  expect(readConfig(Config, dkim).DKIM_PRIVATE_KEY?.split('\n')).toHaveLength(3)
})
