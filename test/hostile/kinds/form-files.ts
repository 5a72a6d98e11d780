// Form files with mistakes, or written to do harm.

import { formText } from '../form.ts'
import { kindsOf } from '../kind.ts'
import { post } from '../message.ts'
import { ascii, mutated, text } from '../random-parts.ts'

const compile = (file: string | Buffer) => post('/', file)
const fields = (lines: string[]) => compile(['title: A', 'fields:', ...lines, ''].join('\n'))
const quoted = (value: string) => JSON.stringify(value.toWellFormed())

export default kindsOf('forms', {
  'a file with changed bytes': (random) => compile(mutated(random, formText)),
  'a file with moved or missing lines': (random) => {
    const lines = formText.split('\n')
    const moved = lines.splice(random.below(lines.length), 1 + random.below(3))
    lines.splice(random.below(lines.length), 0, ...(random.oneIn(3) ? [] : moved))
    return compile(lines.join('\n'))
  },
  'a file that ends early': (random) => compile(formText.slice(0, random.below(formText.length))),
  'a file that is not a form': (random) =>
    compile(
      random.pick([
        '',
        '\0',
        '- a',
        'a: [',
        '%YAML 9',
        '---\n---\n',
        '&a [*a]',
        '!!binary x',
        '? a',
        text(random, 20),
      ]),
    ),
  'odd options of a field': (random) =>
    fields([
      `  a: { type: ${random.pick(['text', 'number', 'date', 'choice', 'phone', 'nothing', '__proto__', '[]'])}, ${random.pick(['max', 'min', 'pattern', 'options', 'region', 'label', 'required', 'mustBe', ascii(random, 3)])}: ${random.pick(['-1', '1e999', '[]', '{}', 'null', '.nan', '2026-01-01', quoted(text(random)), '[a, a]', '[1, true, null]'])} }`,
    ]),
  'odd names of fields': (random) =>
    fields([
      `  ${quoted(text(random))}: { type: text }`,
      `  ${random.pick(['__proto__', 'constructor', '_a', 'a', 'utm_a', 'submit', '<<', '1'])}: { type: text }`,
    ]),
  'odd patterns': (random) =>
    fields([
      `  a: { type: text, max: 50, pattern: ${quoted(random.pick(['(a+)+$', '(', '[z-a]', '\\1', '(?=a)', 'a{1001}', '(a{10}){10}', '\\p{Nothing}', '(?i:a)', '[[:alpha:]]', '.*.*.*x', text(random)]))} }`,
    ]),
  'aliases of aliases': (random) =>
    compile(
      `title: A\na: &a [x, x]\n${Array.from({ length: random.below(12) }, (_, n) => `a${n}: &a [*a, *a]`).join('\n')}\nfields: *a\n`,
    ),
  'deeply nested files': (random) =>
    compile(`title: A\nfields: ${random.pick(['[', '{a: ', '- ']).repeat(random.below(300))}`),
  'many wrong keys': (random) =>
    compile(
      `title: A\n${Array.from({ length: random.below(300) }, (_, n) => `k${n}: 1`).join('\n')}\nfields:\n${Array.from({ length: random.below(100) }, (_, n) => `  f${n}: { type: x }`).join('\n')}\n`,
    ),
})
