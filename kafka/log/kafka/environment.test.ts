import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readConfig } from '#kit/config.ts'
import { connectionOf, KafkaEnvironment } from './environment.ts'

const password = 'hunter2-hunter2'
const login = { KAFKA_USERNAME: 'ann', KAFKA_PASSWORD: password }

const read = (environment: Record<string, string>) =>
  connectionOf(readConfig(KafkaEnvironment, environment))

test('without KAFKA_BROKERS there is no cluster', () => {
  expect(read({})).toBeUndefined()
  expect(read({ KAFKA_BROKERS: '', KAFKA_TLS: '' })).toBeUndefined()
})

test('with brokers only there is neither TLS nor a password', () => {
  expect(read({ KAFKA_BROKERS: 'a:9092,b.example.com:9093' })).toEqual({
    brokers: ['a:9092', 'b.example.com:9093'],
    ssl: false,
  })
})

test('KAFKA_TLS trusts public authorities, or with KAFKA_TLS_CA the one in that file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'formstream-ca-'))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, 'a certificate')
  const tls = { KAFKA_BROKERS: 'a:1', KAFKA_TLS: 'true' }
  expect(read(tls)).toEqual({ brokers: ['a:1'], ssl: true })
  expect(read({ ...tls, KAFKA_TLS_CA: '' })).toEqual({ brokers: ['a:1'], ssl: true })
  expect(read({ ...tls, KAFKA_TLS_CA: file })?.ssl).toEqual({ ca: ['a certificate'] })
  rmSync(folder, { recursive: true })
  expect(() => read({ ...tls, KAFKA_TLS_CA: file })).toThrow(
    `Expected KAFKA_TLS_CA to name a readable file, found "${file}": ENOENT`,
  )
})

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('KAFKA_SASL=%s', (mechanism) => {
  expect(read({ KAFKA_BROKERS: 'a:1', KAFKA_SASL: mechanism, ...login })?.sasl).toEqual({
    mechanism,
    username: 'ann',
    password,
  })
})

test.each([
  [{ KAFKA_BROKERS: 'a' }, 'KAFKA_BROKERS: expected host:port, separated by commas, found "a"'],
  [{ KAFKA_BROKERS: 'a:1, b:2' }, 'KAFKA_BROKERS: expected host:port, separated by commas'],
  [{ KAFKA_BROKERS: `sasl://ann:${password}@a:1` }, 'separated by commas, found a secret'],
  [{ KAFKA_TLS: 'yes' }, 'KAFKA_TLS: expected true or false, found "yes"'],
  [{}, 'KAFKA_PASSWORD: expected KAFKA_SASL with it, found a secret'],
  [{ KAFKA_TLS_CA: 'ca.pem' }, 'KAFKA_TLS_CA: expected KAFKA_TLS=true with it, found "ca.pem"'],
  [{ KAFKA_SASL: 'PLAIN' }, 'expected plain, scram-sha-256 or scram-sha-512, found "PLAIN"'],
  [
    { KAFKA_SASL: 'plain', KAFKA_USERNAME: '' },
    'KAFKA_SASL: expected KAFKA_USERNAME and KAFKA_PASSWORD with it',
  ],
  [
    { KAFKA_SASL: 'plain', KAFKA_PASSWORD: '' },
    'KAFKA_SASL: expected KAFKA_USERNAME and KAFKA_PASSWORD with it',
  ],
])('%o is refused, without printing the password', (wrong, message) => {
  const reading = () => read({ KAFKA_BROKERS: 'a:1', ...login, ...wrong } as Record<string, string>)
  expect(reading).toThrow(message)
  expect(reading).not.toThrow(/hunter2/)
})

test('all problems are reported together', () => {
  const wrong = { KAFKA_BROKERS: 'a', KAFKA_TLS: 'on', KAFKA_SASL: 'gssapi' }
  expect(() => read(wrong)).toThrow(/KAFKA_BROKERS: .+\n {2}KAFKA_TLS: .+\n {2}KAFKA_SASL: /)
})
