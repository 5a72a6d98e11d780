import { expect, test } from '@jest/globals'
import type { DeadLetter } from '../../local/knative/replay/dead-letter.ts'
import { addressOf } from './address.ts'

const service = 'http://slang.formstream.svc.cluster.local/'
const letter = (dest: string) => ({ task: 'slang', position: '0/3', dest }) as DeadLetter

test('a letter goes to the Service that failed', () => {
  expect(addressOf(letter(service))).toEqual({ url: service })
})

test('by --to each task has an address of its own, or a gateway that knows it by its name', () => {
  const template = 'http://{task}.other.svc.cluster.local/'
  const url = 'http://slang.other.svc.cluster.local/'
  expect(addressOf(letter(service), template)).toEqual({ url })
  expect(addressOf(letter('http://slang.localhost/'), template)).toEqual({ url })
  const gateway = 'http://127.0.0.1:8081/'
  const host = 'slang.formstream.svc.cluster.local'
  expect(addressOf(letter(service), gateway)).toEqual({ url: gateway, host })
})

test.each([
  'http://slang.localhost/',
  'http://slang.example.org/',
  'http://slang.formstream.svc.evil.example/',
  'http://svc/',
  'no URL',
  '',
])('a letter that names no Service (%s) has no address', (dest) => {
  for (const to of [undefined, 'http://127.0.0.1:8081/']) {
    expect(addressOf(letter(dest), to)).toBeUndefined()
  }
})
