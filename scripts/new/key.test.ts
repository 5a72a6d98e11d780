import { expect, test } from '@jest/globals'
import { hashOf, parseKeys } from '../../functions/form-endpoint/protect/keys/keys-file.ts'
import { keyFor } from './key.ts'

test('the lines for the file are those of the key', () => {
  const text = keyFor('crm')
  const key = /fsk_[\w-]{43}/.exec(text)?.[0] as string
  const lines = /^crm:\n {2}- \w+$/m.exec(text)?.[0] as string
  expect(parseKeys(lines).get('crm')).toEqual([hashOf(key)])
  expect(keyFor('crm')).not.toBe(text)
})
