// .ci/audit with a fake npm: it fails for weaknesses and wrong signatures, but not if the registry is unreachable.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'

const audited = (counts: object) => JSON.stringify({ metadata: { vulnerabilities: counts } })
const none = audited({ low: 3, moderate: 1, high: 0, critical: 0 })
const signed = '100 packages have verified registry signatures'

test.each([
  ['no findings', none, signed, 0],
  ['a weakness of level high', audited({ high: 1, critical: 0 }), signed, 1],
  ['a critical weakness', audited({ high: 0, critical: 2 }), signed, 1],
  ['a wrong signature', none, '1 package has an invalid registry signature:', 1],
  ['wrong signatures', none, '2 packages have invalid registry signatures:', 1],
  ['a registry that refuses', '{"message":"405"}', 'npm error 405', 0],
  ['an unreachable registry', '', 'npm error network', 0],
])('%s', (_case, weaknesses, signatures, status) =>
  inFolder(async (folder) => {
    const text = `case "$2" in signatures) echo '${signatures}' ;; *) echo '${weaknesses}' ;; esac`
    await writeFile(join(folder, 'npm'), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
    const audit = spawnSync('.ci/audit', { env, encoding: 'utf8' })
    expect([audit.status, audit.stderr]).toEqual([status, ''])
    expect(audit.stdout).toMatch(/^npm audit: .+\nnpm audit signatures: .+\n$/)
  }),
)
