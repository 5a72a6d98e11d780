// Parses the YAML of a form file, with the limits and the simpler keys that form files have.
import {
  type Document,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { printable } from '../../printable.ts'
import { excessIn } from './yaml-limits.ts'

export type Path = readonly PropertyKey[]

/** A plain word of the file, and the number, boolean or null that YAML makes of it. */
export interface Word {
  word: string
  value: unknown
}

/** Why the text is no form file. `expected` and `found` complete "expected …, found: …". */
interface Fault {
  line: number
  expected: string
  found: string
  /** As `found`, without anything that the file contains. */
  kind: string
}

const maxAliases = 20
const maxFaults = 20
const maxKeyText = 60

export class ParsedYaml {
  /** The values of the file; undefined if there are faults. */
  readonly data: unknown
  readonly faults: Fault[] = []
  readonly lines = new LineCounter()
  /** Entries of each mapping, by key. */
  readonly entries = new Map<YAMLMap, Map<string, Pair>>()
  document: Document.Parsed | undefined

  constructor(text: string) {
    this.data = this.#read(text)
  }

  #read(text: string): unknown {
    try {
      const excess = excessIn(text)
      if (excess) {
        const line = text.slice(0, excess.offset).split('\n').length
        this.faults.push({ ...excess, kind: excess.found, line })
        return undefined
      }
      // uniqueKeys takes quadratic time, so #readKey looks for repeated keys instead.
      const options = { lineCounter: this.lines, prettyErrors: false, uniqueKeys: false }
      const document = withoutStackTraces(() => parseDocument(text, options))
      this.document = document
      for (const { pos, message, code } of [...document.errors, ...document.warnings]) {
        const kind = code.toLowerCase().replaceAll('_', ' ')
        this.#addFault(pos[0], { expected: 'valid YAML', found: message, kind })
      }
      this.#readKeys(document)
      return this.faults.length > 0 ? undefined : document.toJS({ maxAliasCount: maxAliases })
    } catch (error) {
      // Too many aliases, an unknown alias (its name comes after a colon), or nesting too deep for the stack.
      const { message } = error as Error
      this.#addFault(0, { expected: 'valid YAML', found: message, kind: message.split(':')[0]! })
      return undefined
    }
  }

  #readKeys(document: Document.Parsed): void {
    visit(document, {
      Map: (_, map) => {
        const entries = new Map<string, Pair>()
        for (const pair of map.items) this.#readKey(pair, entries)
        this.entries.set(map as YAMLMap, entries)
      },
    })
  }

  /** A key is the word as it is written, even if YAML would read a number or a boolean. */
  #readKey(pair: Pair, entries: Map<string, Pair>): void {
    const { key } = pair
    const offset = (isNode(key) && key.range?.[0]) || 0
    if (!isScalar(key)) {
      const kind = isNode(key) ? 'another value as a key' : 'none'
      this.#addFault(offset, { expected: 'keys that are words', found: kind, kind })
      return
    }
    if (key.type === Scalar.PLAIN) {
      if (key.source === '<<') {
        const kind = '<<: write the keys out here'
        this.#addFault(offset, { expected: 'keys without a merge', found: kind, kind })
      }
      if (typeof key.value !== 'string') key.value = key.source
    }
    const name = String(key.value)
    if (entries.has(name)) {
      const found = `${JSON.stringify(printable(name, maxKeyText))} twice`
      this.#addFault(offset, { expected: 'each key once', found, kind: 'one of them twice' })
    }
    entries.set(name, pair)
  }

  #addFault(offset: number, fault: Omit<Fault, 'line'>): void {
    if (this.faults.length >= maxFaults) return
    this.faults.push({ line: this.lines.linePos(offset).line || 1, ...fault })
  }
}

/** The parser makes an Error for each fault, up to one for each comma. Taking their stack traces would be most of its work. */
function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
