import { expect, test } from '@jest/globals'
import { hostToConnect } from './sheets-emulator.ts'

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['::1', '[::1]'],
  ['192.168.1.2', '192.168.1.2'],
  ['box.lan', 'box.lan'],
])('an emulator that listens on %s is reached at %s', (host, expected) => {
  expect(hostToConnect(host)).toBe(expected)
})
