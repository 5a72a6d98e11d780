// Templates of form files: what they can do, what they are refused for, and that answers stay text.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { formOf, problemsIn, yamlOf } from '../forms/form.fixture.ts'
import type { TaskRules } from '../forms/task-rules.ts'
import { compileTemplate, type Template, TemplateError } from './compile-template.ts'
import { findTemplateFault } from './find-fault.ts'
import type { KindName, TemplateValue } from './output-kinds.ts'
import { scopeOf } from './scope.ts'
import { templateOption } from './template-option.ts'

const form = { id: 'demo', title: 'A <demo>' }
const time = '2026-01-02T20:04:05.000Z'

function render(
  source: string,
  answers: Record<string, TemplateValue>,
  kind: KindName = 'text',
): string {
  return compileTemplate(source, kind).render(scopeOf({ form, id: 's-1', time, answers }))
}

const fields = {
  name: '{ type: text }',
  about: '{ type: multiline, max: 50000, required: false }',
  rating: '{ type: integer }',
  courses: '{ type: multi-choice, options: [Algebra, Logic] }',
  homepage: '{ type: url, required: false }',
}

/** `expected …, found … (row)`, or undefined. */
function faultIn(source: string, kind: KindName = 'text', of: Record<string, string> = fields) {
  try {
    const fault = findTemplateFault(compileTemplate(source, kind), Object.values(formOf(of).fields))
    return fault && `expected ${fault.expected}, found ${fault.found} (${fault.row})`
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { expected, found, row } = error.fault
    return `expected ${expected}, found ${found} (${row})`
  }
}

test('a template has the answers, and what is known about the submission', () => {
  const source =
    'Dear {{ name | capitalize }}, {{ courses }}; {{ courses | join: " + " }}; {{ rating }}/{{ ok }}; ' +
    '{% if about %}about{% else %}nothing{% endif %}{% comment %}{{ no }}{% endcomment %} ' +
    '{{ form.title }} {{ form.id }} {{ submission.id }} {{ submission.time | date: "%d %b %H:%M", "Asia/Kolkata" }}'
  expect(render(source, { name: 'ann', courses: ['Algebra', 'Logic'], rating: 0, ok: false })).toBe(
    'Dear Ann, Algebra, Logic; Algebra + Logic; 0/false; nothing A <demo> demo s-1 03 Jan 01:34',
  )
  expect(render('{{ born | date: "%d.%m.%Y" }}', { born: '2026-01-02' })).toBe('02.01.2026')
})

test('an answer that is a template is printed and not run', () => {
  const name = '{{ form.title }}{% for a in (1..9) %}x{% endfor %}'
  expect(render('Hello {{ name }}', { name })).toBe(`Hello ${name}`)
})

test('HTML escapes answers and keeps their lines', () => {
  const about = `<script>alert("1" + '2')</script>\n&amp;`
  expect(render('<p>{{ about }}</p>', { about }, 'html')).toBe(
    '<p>&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;<br>\n&amp;amp;</p>',
  )
  expect(render('{{ list }}', { list: ['<a>', 'b'] }, 'html')).toBe('&lt;a&gt;, b')
})

test('a header is one line, without control characters and direction marks, and of bounded length', () => {
  const name = 'Ann\r\nBcc: all@example.com\u2028x\x00\x85y\u202ez\u200f\ud800'
  expect(render('Hi {{ name }}\n!', { name }, 'header')).toBe(
    'Hi Ann Bcc: all@example.com xyz\ufffd !'.replace('xyz', 'x yz'),
  )
  const long = render('{{ name }}', { name: '😀'.repeat(10_000) }, 'header')
  expect(long).toBe(`${'😀'.repeat(249)}…`)
  expect(render('{{ name }}', { name: 'क्‍ष' }, 'header')).toBe('क्‍ष')
})

test('text keeps lines and loses control characters and marks that reorder what follows', () => {
  const about = 'a\r\nb\u202ec\u2066d\x1b[31m\u2028e'
  expect(render('{{ about }}|', { about })).toBe('a\nbcd[31m\ne|')
})

test('JSON stays JSON with any answer', () => {
  const about = '"}\n\\ {{ x }} \ud800 </script>'
  const json = render('{"a": "{{ about }}", "n": {{ rating }}}', { about, rating: 4 }, 'json')
  expect(JSON.parse(json)).toEqual({ a: '"}\n\\ {{ x }} \ufffd </script>', n: 4 })
})

test.each([
  ['{{ constructor }}{{ __proto__ }}', {}],
  ['{{ name }}', Object.create({ name: 'inherited' })],
  ['{{ nil }}{{ blank }}{{ empty }}', {}],
])('%s gives nothing', (source, answers) => {
  expect(render(source, answers)).toBe('')
})

test.each([
  ['{% for a in courses %}{{ a }}{% endfor %}', '"for"'],
  ['{% include "/etc/passwd" %}', '"include"'],
  ['{% render "x" %}', '"render"'],
  ['{% layout "x" %}', '"layout"'],
  ['{% tablerow a in courses %}{% endtablerow %}', '"tablerow"'],
  ['{% assign x = name %}', '"assign"'],
  ['{% liquid\n echo name %}', '"liquid"'],
])('%s is no tag of a template', (source, found) => {
  expect(faultIn(source)).toBe(
    `expected one of the tags if, unless, case, comment, #, raw, found ${found} (1)`,
  )
})

test.each(['raw', 'replace', 'json', 'inspect', 'constructor', 'where_exp', 'shout'])(
  'the filter %s is none of a template',
  (filter) => {
    expect(faultIn(`a\n{{ name | ${filter} }}`)).toMatch(
      new RegExp(`^expected one of the filters append, .*, upcase, found "${filter}" \\(2\\)$`),
    )
  },
)

test.each([
  ['\n\n{{ nam }}', '"nam" (3)'],
  ['{% if name == other %}{% endif %}', '"other" (1)'],
  ['{{ name | append: other }}', '"other" (1)'],
  ['{{ name.size }}', '"name.size" (1)'],
  ['{{ courses[0] }}', '"courses.0" (1)'],
  ['{{ form[name] }}', '"form.[…]" (1)'],
  ['{{ form }}', '"form" (1)'],
  ['{{ form.fields }}', '"form.fields" (1)'],
  ['{{ name other }}', '"other" (1)'],
])('%j names no variable of the form', (source, found) => {
  expect(faultIn(source)).toBe(
    'expected only the variables name, about, rating, courses, homepage, form.id, form.title, ' +
      `submission.id, submission.time, found ${found}`,
  )
})

test.each([
  ['{{ name', 'output "{{ name" not closed'],
  ['{% if name %}', 'tag {% if name %} not closed'],
  ['{{ }}', 'invalid value expression: ""'],
])('%j is no template', (source, found) => {
  expect(faultIn(source)).toBe(`expected a Liquid template, found ${found} (1)`)
})

test('a template that could print too much is refused, and one that makes too much fails', () => {
  expect(faultIn('{{ about }}\n'.repeat(21))).toMatch(
    /^expected answers of at most 1000000 characters together in the template, found up to \d+: .* \(\d+\)$/,
  )
  expect(faultIn('{{ about }}\n'.repeat(5))).toBeUndefined()
  expect(() => render('{{ submission.time | date: "%1000000000d" }}', {})).toThrow('the limits')
  expect(() => render('{{ (1..1000000000) | join }}', {})).toThrow('the limits')
  const doubling = '{{ a'.concat(' | append: a'.repeat(1000), ' }}')
  expect(() => render(doubling, { a: 'x'.repeat(50_000) })).toThrow('the limits')
})

test.each([
  '<p title="{{ name }}">',
  '<p {{ name }}>',
  '<a href="{{ name }}">x</a>',
  '<a href={{ homepage }}>x</a>',
  '<a href="javascript:{{ homepage }}">x</a>',
  '<img src="{{ homepage }}">',
  '<p style="color: {{ name }}">',
  '<script>{{ name }}</script>',
  '<style>{% if name %}p { color: {{ name }} }{% endif %}</style>',
  '<STYLE>{{ name }}',
  '<!-- {{ name }} -->',
  "<p class='>' {{ name }}>",
  '<p title="<!--" class="{{ name }}" -->',
])('in HTML an answer may not stand here: %s', (source) => {
  expect(faultIn(source, 'html')).toContain('within a tag, comment, script or style (1)')
})

test.each([
  '<p>{{ name }}</p>',
  '<a class="b" href="{{ homepage }}">{{ name }}</a>',
  '<!-- a > b --><style>p > a { color: red }</style><p>{{ name }}',
  '{% if name < "b" %}{{ name }}{% endif %}',
  'a < b, {{ name }} > c',
])('in HTML an answer may stand here: %s', (source) => {
  expect(faultIn(source, 'html')).toBeUndefined()
})

test.each([
  ['{"text": {{ name }}}', 'expected a template that gives JSON, found other text'],
  ['{"text": "{{ name }}"', 'expected a template that gives JSON, found other text'],
  ['{"rating": {{ note }}}', 'expected a template that gives JSON without optional answers too'],
])('%s gives no JSON', (source, message) => {
  const of = { name: '{ type: text }', note: '{ type: number, required: false }' }
  expect(faultIn(source, 'json', of)).toContain(message)
})

test('a template that gives JSON is accepted', () => {
  const source = '{"text": "{{ name }}: {{ about }}", "rating": {{ rating }}}'
  expect(faultIn(source, 'json')).toBeUndefined()
})

const rules: TaskRules = {
  options: z.strictObject({ text: templateOption('text', 2_000) }),
  check(options, all) {
    const fault = findTemplateFault((options as { text: Template }).text, all)
    return fault && { path: ['text'], ...fault }
  },
}
const problems = (text: string, name = '{ type: text }') =>
  problemsIn(`${yamlOf({ name })}tasks:\n  mail:\n    text: ${text}\n`, {
    knownTasks: { mail: rules },
  })

test('a problem of a template has its line in the form file', () => {
  expect(problems('|\n      Dear {{ name }},\n\n      {{ nam }}')).toEqual([
    'forms/a.yaml:9: tasks.mail.text: expected only the variables name, form.id, form.title, ' +
      'submission.id, submission.time for the task mail, found "nam"',
  ])
  expect(problems('|\n      Dear\n      {{ name | shout }}')).toEqual([
    expect.stringMatching(
      /^forms\/a\.yaml:8: tasks\.mail\.text: expected one of .*, found "shout"$/,
    ),
  ])
  expect(problems('"{% if name %}"')).toEqual([
    'forms/a.yaml:6: tasks.mail.text: expected a Liquid template, found tag {% if name %} not closed',
  ])
  expect(problems('|\n      Dear {{ name }}')).toEqual([])
  expect(problems('"{{ name }}"', '{ type: nothing }')).toEqual([
    expect.stringContaining('fields.name.type'),
  ])
  expect(problems(`"${'x'.repeat(2_001)}"`)).toEqual([
    expect.stringContaining('tasks.mail.text: expected at most 2000 characters'),
  ])
})
