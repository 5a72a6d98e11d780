// Runs the tests in a form's file. A test that fails is a problem of the file, at the line of what it expected.
import { isDeepStrictEqual } from 'node:util'
import { FormFile } from '#kit/forms/compile/form-file.ts'
import { FormHead } from '#kit/forms/compile/form-head.ts'
import type { Path } from '#kit/forms/compile/parse-yaml.ts'
import type { Form } from '#kit/forms/form.ts'
import type { FormProblem } from '#kit/forms/form-problems.ts'
import { printable } from '#kit/printable.ts'
import { type FormTest, FormTests } from './form-tests.ts'

export interface TestsResult {
  passed: number
  problems: FormProblem[]
}

/** `name`: of the file, for messages. The form was made from that file. */
export function runTests(name: string, form: Form): TestsResult {
  const file = new FormFile(name, form.text, Object.keys(FormHead.shape))
  const { tests: data } = file.data as { tests?: unknown }
  if (data === undefined) return { passed: 0, problems: [] }
  const tests = file.check({ schema: FormTests, data, path: ['tests'] }) ?? []
  const passed = tests.filter((test, index) => {
    const before = file.problems.length
    new OneTest(file, form, { test, path: ['tests', index] }).run()
    return file.problems.length === before
  })
  return { passed: passed.length, problems: file.problems }
}

type Errors = Record<string, string>

class OneTest {
  #file: FormFile
  #form: Form
  #test: FormTest
  #path: Path

  constructor(file: FormFile, form: Form, { test, path }: { test: FormTest; path: Path }) {
    this.#file = file
    this.#form = form
    this.#test = test
    this.#path = path
  }

  run(): void {
    const { accepted, refused } = this.#test
    const sent = Object.entries(this.#test.answers).map(([name, value]) => [
      name,
      this.#asWritten(value, ['answers', name]),
    ])
    const parsed = this.#form.parse(Object.fromEntries(sent))
    if (refused) this.#expectRefused(refused, parsed.ok ? {} : parsed.errors)
    else if (!parsed.ok) this.#expectNoErrors(parsed.errors)
    else this.#expectValues(accepted ?? {}, parsed.answers)
  }

  /** As a page sends them: words such as 0042 as they are written. */
  #asWritten(value: unknown, within: Path): unknown {
    if (Array.isArray(value)) return value.map((one, i) => this.#asWritten(one, [...within, i]))
    if (typeof value !== 'number' && typeof value !== 'boolean') return value
    return this.#file.wordAt([...this.#path, ...within])?.word ?? value
  }

  #expectNoErrors(errors: Errors): void {
    for (const [name, message] of Object.entries(errors)) {
      this.#report(['answers', name], 'an accepted answer', `it refused: ${message}`)
    }
  }

  #expectValues(expected: Record<string, unknown>, answers: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(expected)) {
      const at = ['accepted', name]
      const found = answers[name]
      if (!(name in this.#form.fields)) {
        this.#report(at, `a field of the form (${this.#fieldNames()})`, JSON.stringify(name))
      } else if (!this.#isValue(value, found, at)) this.#report(at, shown(value), shown(found))
    }
  }

  #isValue(expected: unknown, found: unknown, at: Path): boolean {
    if (expected === null) return found === undefined
    return (
      isDeepStrictEqual(expected, found) || isDeepStrictEqual(this.#asWritten(expected, at), found)
    )
  }

  #expectRefused(refused: NonNullable<FormTest['refused']>, errors: Errors): void {
    const expected = Array.isArray(refused)
      ? refused.map((name, at) => ({ name, at, text: null }))
      : Object.entries(refused).map(([name, text]) => ({ name, at: name, text }))
    for (const { name, at, text } of expected) {
      const path = ['refused', at]
      const message = errors[name]
      if (message === undefined) this.#report(path, `${name} to be refused`, 'it accepted')
      else if (!message.includes(text ?? '')) {
        this.#report(path, `a message with ${shown(text)}`, shown(message))
      }
    }
    const others = Object.entries(errors).filter(
      ([name]) => !expected.some((one) => one.name === name),
    )
    for (const [name, message] of others) {
      this.#report(['answers', name], `${name} to be accepted`, `it refused: ${message}`)
    }
  }

  #fieldNames(): string {
    return Object.keys(this.#form.fields).join(', ')
  }

  #report(within: Path, expected: string, found: string): void {
    const { name } = this.#test
    const test = name === undefined ? '' : ` (test "${name}")`
    this.#file.report([...this.#path, ...within], expected, `${found}${test}`)
  }
}

const maxShown = 200

const shown = (value: unknown): string =>
  value === undefined || value === null ? 'nothing' : printable(JSON.stringify(value), maxShown)
