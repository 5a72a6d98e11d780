// Schemathesis generates valid and invalid requests from the OpenAPI description, and checks each answer. `.ci/run` installs it.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, silent } from '#kit/events.fixture.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { buildApp } from '../functions/form-endpoint/app.ts'

const program = resolve('.cache/schemathesis/bin/schemathesis')
const installed = existsSync(program)
if (!installed) console.warn(`Skipped: expected ${program}, which .ci/run installs`)

const run = promisify(execFile)

// The endpoint accepts more than the description (text for a number), and the description cannot express which telephone numbers
// exist.
const excludedChecks = 'positive_data_acceptance,negative_data_rejection'

const everyType = `title: Every type
path: /every-type/
fields:
  text: { type: text, max: 40 }
  code: { type: text, pattern: '[A-Z]{3}[0-9]{4}', required: false }
  lines: { type: multiline, max: 80, required: false }
  number: { type: number, min: 0, max: 10, required: false }
  whole: { type: integer, required: false }
  one: { type: choice, options: [a, b c, ä], required: false }
  some: { type: multi-choice, options: [a, b c, ä], required: false }
  box: { type: boolean, required: false }
  day: { type: date, min: 2024-01-31, max: 2025-02-28, required: false }
  mail: { type: email, required: false }
  phone: { type: phone, required: false }
  site: { type: url, required: false }
`

/** Python's regular expressions have no Unicode properties: replaces patterns that use them by visible ASCII. */
function forPython(description: string): string {
  const described = JSON.parse(description, (name, value) =>
    name === 'pattern' && /\\p\{/.test(value) ? '[!-~]' : value,
  )
  return JSON.stringify(described)
}

const testIfInstalled = installed ? test : test.skip

testIfInstalled(
  'each answer to a generated request is as described, and none is a server error',
  () =>
    inFolder(async (folder) => {
      const formsDir = join(folder, 'forms')
      await mkdir(formsDir)
      await writeFile(join(formsDir, 'every-type.yaml'), everyType)
      await writeFile(join(formsDir, 'demo.yaml'), await readFile('forms/demo.yaml'))
      const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
      const forms = await loadForms(formsDir, { knownTasks: {}, others: 'unchecked' })
      const app = buildApp({ forms, log, logger: silent })
      await app.listen({ port: 0, host: '127.0.0.1' })
      try {
        const { port } = app.server.address() as AddressInfo
        const file = join(folder, 'openapi.json')
        await writeFile(file, forPython((await app.inject('/openapi.json')).payload))
        const { stdout } = await run(
          program,
          [
            ...[
              'run',
              file,
              '--url',
              `http://127.0.0.1:${port}`,
              '--no-color',
              '--seed',
              '20261127',
            ],
            ...['--phases', 'examples,coverage,fuzzing', '--max-examples', '20'],
            ...[
              '--checks',
              'all',
              '--exclude-checks',
              excludedChecks,
              '--suppress-health-check',
              'all',
            ],
          ],
          { cwd: folder },
        ).catch((error: { stdout: string }) => ({ stdout: error.stdout }))
        expect(stdout).not.toMatch(/❌|🚫|^Failures:|^Errors:/m)
        const generated = Number(/(\d+) generated/.exec(stdout)?.[1])
        expect(generated).toBeGreaterThan(100)
      } finally {
        await app.close()
        forms.close()
        await log.close()
      }
    }),
  240_000,
)
