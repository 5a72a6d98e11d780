// Compiles a Liquid template of a form file. A template has no loops and reads no files, so its size bounds its work.
import { Liquid, LiquidError, type Template as Parsed, type Variables } from 'liquidjs'
import { Rejected } from '../errors.ts'
import { type KindName, outputKinds, printer, type TemplateValue } from './output-kinds.ts'

/** Values by field name, and under `form` and `submission` those of the product. */
export type Scope = Record<string, TemplateValue | Record<string, TemplateValue>>

/** One mention of a variable in a template. */
export interface Mention {
  /** `['name']` for `name`, `['form', 'title']` for `form.title`. An index that is a variable is `undefined`. */
  path: (string | number | undefined)[]
  /** From 1. */
  row: number
}

export interface Template {
  kind: KindName
  source: string
  mentions: Mention[]
  /** Throws `Rejected` if the output gets too large. */
  render(scope: Scope): string
}

/** What is wrong in a template. `expected` and `found` complete "expected …, found …". */
export interface TemplateFault {
  expected: string
  found: string
  /** The line of the template, from 1. */
  row: number
}

/** Thrown for a text that is no template. */
export class TemplateError extends Error {
  override name = 'TemplateError'
  readonly fault: TemplateFault

  constructor(fault: TemplateFault) {
    super(`Expected ${fault.expected}, found ${fault.found}`)
    this.fault = fault
  }
}

/** Without `for`, `include`, `render`, `layout`, `assign`, `capture` and what is like them. */
const tags = ['if', 'unless', 'case', 'comment', '#', 'raw']

/** Without `raw`, which would switch off the escaping, and without filters whose output can be much longer than their input. */
const filters = [
  ...['append', 'capitalize', 'date', 'default', 'downcase', 'first', 'join', 'last'],
  ...['prepend', 'round', 'size', 'strip', 'truncate', 'truncatewords', 'upcase'],
]

/** Characters of all values that one rendering makes. A rendering with all answers of a submission needs fewer. */
const maxCharacters = 10_000_000
/** Stops a rendering that takes longer, in ms. It is far above what `maxCharacters` allows. */
const maxTime = 10_000

const engines = new Map<KindName, Liquid>()

/** Throws `TemplateError`. */
export function compileTemplate(source: string, kind: KindName): Template {
  const engine = engineFor(kind)
  const parsed = parse(engine, source)
  const { globals } = engine.analyzeSync(parsed, { partials: false })
  return {
    kind,
    source,
    mentions: mentionsIn(globals),
    render: (scope) => render(engine, parsed, { scope, kind }),
  }
}

function engineFor(kind: KindName): Liquid {
  const known = engines.get(kind)
  if (known) return known
  const engine = new Liquid({
    // Makes sure that no tag finds a file, whatever tags a later version of the library adds.
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: printer(kind),
    memoryLimit: maxCharacters,
    renderLimit: maxTime,
    timezoneOffset: 0,
    locale: 'en',
  })
  keepOnly(engine.tags, tags)
  keepOnly(engine.filters, filters)
  engines.set(kind, engine)
  return engine
}

function keepOnly(all: Record<string, unknown>, names: string[]): void {
  for (const name of Object.keys(all)) if (!names.includes(name)) delete all[name]
}

function parse(engine: Liquid, source: string): Parsed[] {
  try {
    return engine.parse(source)
  } catch (error) {
    if (!LiquidError.is(error)) throw error
    const [row = 1] = error.token.getPosition()
    throw new TemplateError({ ...explain(messageOf(error)), row })
  }
}

/** Without the library's `, line:1, col:3`: the line in the file is another one. */
const messageOf = ({ message }: Error): string => message.replace(/, line:\d+, col:\d+$/, '')

function explain(message: string): { expected: string; found: string } {
  const [, filter] = /^undefined filter: (.*)$/s.exec(message) ?? []
  if (filter) return { expected: `one of the filters ${filters.join(', ')}`, found: `"${filter}"` }
  const [, tag] = /^tag "(.*)" not found$/s.exec(message) ?? []
  if (tag) return { expected: `one of the tags ${tags.join(', ')}`, found: `"${tag}"` }
  return { expected: 'a Liquid template', found: message }
}

function mentionsIn(globals: Variables): Mention[] {
  return Object.values(globals).flatMap((variables) =>
    variables.map(({ segments, location }) => ({
      path: segments.map((segment) => (typeof segment === 'object' ? undefined : segment)),
      row: location.row,
    })),
  )
}

function render(
  engine: Liquid,
  parsed: Parsed[],
  { scope, kind }: { scope: Scope; kind: KindName },
): string {
  const { finish } = outputKinds[kind]
  try {
    const output = String(engine.renderSync(parsed, scope))
    return finish ? finish(output) : output
  } catch (cause) {
    // With the same answers it fails each time. The library's message could quote one of them.
    throw new Rejected('Expected a template whose output is within the limits, found more', {
      cause,
    })
  }
}
