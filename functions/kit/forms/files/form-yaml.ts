// The YAML of a form file: its values, the line of each, and the word that stands there where YAML makes something else of it.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { printable } from '../../printable.ts'
import { excessIn } from './yaml-limits.ts'

export type Path = readonly PropertyKey[]

/** What keeps the text from being a form file: completes "expected …". */
interface Fault {
  line: number
  expected: string
  found: string
  /** The same without any word of the file. */
  kind: string
}

const maxAliases = 20
const maxReported = 20

/** Every look-up takes the same time, however large the file is. */
export class FormYaml {
  readonly data: unknown
  readonly faults: Fault[] = []
  #lines = new LineCounter()
  #document: Document.Parsed | undefined
  #entries = new Map<YAMLMap, Map<string, Pair>>()
  #resolved = new Map<Alias, unknown>()

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
      // The parser compares each key with all others to find one that is there twice.
      const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false }
      const document = withoutStacks(() => parseDocument(text, options))
      this.#document = document
      for (const { pos, message, code } of [...document.errors, ...document.warnings]) {
        const kind = code.toLowerCase().replaceAll('_', ' ')
        this.#fault(pos[0], { expected: 'valid YAML', found: message, kind })
      }
      this.#readKeys(document)
      return this.faults.length > 0 ? undefined : document.toJS({ maxAliasCount: maxAliases })
    } catch (error) {
      // Too many aliases, an unknown one, whose name comes after a colon, or nested too deeply for the stack.
      const { message } = error as Error
      this.#fault(0, { expected: 'valid YAML', found: message, kind: message.split(':')[0]! })
      return undefined
    }
  }

  #readKeys(document: Document.Parsed): void {
    visit(document, {
      Map: (_, map) => {
        const entries = new Map<string, Pair>()
        for (const pair of map.items) this.#readKey(pair, entries)
        this.#entries.set(map as YAMLMap, entries)
      },
    })
  }

  /** A key is what is written, also where YAML would read a number or true. */
  #readKey(pair: Pair, entries: Map<string, Pair>): void {
    const { key } = pair
    const offset = (isNode(key) && key.range?.[0]) || 0
    if (!isScalar(key)) {
      const kind = isNode(key) ? 'another value as a key' : 'none'
      this.#fault(offset, { expected: 'keys that are words', found: kind, kind })
      return
    }
    if (key.type === Scalar.PLAIN) {
      if (key.source === '<<') {
        const kind = 'a merge (<<): write them out here'
        this.#fault(offset, { expected: 'the keys themselves', found: kind, kind })
      }
      if (typeof key.value !== 'string') key.value = key.source
    }
    const name = String(key.value)
    if (entries.has(name)) {
      const found = `${JSON.stringify(printable(name, 60))} twice`
      this.#fault(offset, { expected: 'each key once', found, kind: 'one of them twice' })
    }
    entries.set(name, pair)
  }

  #fault(offset: number, fault: Omit<Fault, 'line'>): void {
    if (this.faults.length >= maxReported) return
    this.faults.push({ line: this.#lines.linePos(offset).line || 1, ...fault })
  }

  /** Whether the file is a mapping that has one of these keys, as far as it could be read. */
  hasAny(keys: string[]): boolean {
    const entries = this.#entries.get(this.#document?.contents as YAMLMap)
    return keys.some((key) => entries?.has(key))
  }

  /** The line of the last part of the path that is in the file. */
  lineOf(path: Path): number {
    const [last] = this.#nodesOn(path).slice(-1)
    return this.#lines.linePos(last?.offset ?? 0).line
  }

  /** The plain word at the path that is no text to YAML: `007`, `true`, `0x1F`, `null`. */
  wordAt(path: Path): { word: string; means: unknown } | undefined {
    const nodes = this.#nodesOn(path)
    if (nodes.length < path.length) return undefined
    const node = path.length === 0 ? this.#document?.contents : nodes.at(-1)?.value
    const scalar = this.#resolve(node)
    if (!isScalar(scalar) || scalar.type !== Scalar.PLAIN) return undefined
    if (typeof scalar.value === 'string' || !scalar.source) return undefined
    return { word: scalar.source, means: scalar.value }
  }

  /** What the file has for each part of the path, as far as it has it. */
  #nodesOn(path: Path): { offset: number; value: unknown }[] {
    const nodes: { offset: number; value: unknown }[] = []
    let at: unknown = this.#document?.contents
    for (const part of path) {
      const found = this.#entryOf(this.#resolve(at), part)
      if (!found) break
      nodes.push({ offset: found.begin.range?.[0] ?? 0, value: found.value })
      at = found.value
    }
    return nodes
  }

  #entryOf(node: unknown, part: PropertyKey): { begin: Node; value: unknown } | undefined {
    if (isMap(node)) {
      const pair = this.#entries.get(node as YAMLMap)?.get(String(part))
      return pair && { begin: pair.key as Node, value: pair.value }
    }
    const item = isSeq(node) ? node.items[Number(part)] : undefined
    return isNode(item) ? { begin: item, value: item } : undefined
  }

  /** Looking for an anchor, the library walks through the file. */
  #resolve(node: unknown): unknown {
    if (!isAlias(node) || !this.#document) return node
    if (!this.#resolved.has(node)) this.#resolved.set(node, node.resolve(this.#document))
    return this.#resolved.get(node)
  }
}

/** Of each fault the parser makes an Error, as many as there are commas: where it was made is most of the work, and nobody asks. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
