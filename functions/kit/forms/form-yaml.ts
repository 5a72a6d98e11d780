// The YAML of a form file: its values, the line of each, and the word that stands there where YAML makes something else of it.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
} from 'yaml'

export type Path = readonly PropertyKey[]

/** What keeps the text from being a form file: completes "expected …". */
interface Fault {
  line: number
  expected: string
  found: string
}

const maxAliases = 20
const maxReported = 20

export class FormYaml {
  readonly data: unknown
  readonly faults: Fault[] = []
  #lines = new LineCounter()
  #document: Document.Parsed | undefined

  constructor(text: string) {
    this.data = this.#read(text)
  }

  #read(text: string): unknown {
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
      this.#document = document
      for (const { pos, message } of [...document.errors, ...document.warnings]) {
        this.#fault(pos[0], 'valid YAML', message)
      }
      this.#readKeys(document)
      this.faults.splice(maxReported)
      return this.faults.length > 0 ? undefined : document.toJS({ maxAliasCount: maxAliases })
    } catch (error) {
      // Too many aliases, or nested too deeply for the stack.
      this.#fault(0, 'valid YAML', (error as Error).message)
      return undefined
    }
  }

  /** A key is what is written, also where YAML would read a number or true. */
  #readKeys(document: Document.Parsed): void {
    visit(document, {
      Pair: (_, { key }) => {
        if (!isScalar(key) || key.type !== Scalar.PLAIN) return
        if (key.source === '<<') {
          this.#fault(
            key.range?.[0] ?? 0,
            'the keys themselves',
            'a merge (<<): write them out here',
          )
        }
        if (typeof key.value !== 'string') key.value = key.source
      },
    })
  }

  #fault(offset: number, expected: string, found: string): void {
    this.faults.push({ line: this.#lines.linePos(offset).line || 1, expected, found })
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
    const scalar = isAlias(node) && this.#document ? node.resolve(this.#document) : node
    if (!isScalar(scalar) || scalar.type !== Scalar.PLAIN) return undefined
    if (typeof scalar.value === 'string' || !scalar.source) return undefined
    return { word: scalar.source, means: scalar.value }
  }

  /** What the file has for each part of the path, as far as it has it. */
  #nodesOn(path: Path): { offset: number; value: unknown }[] {
    const nodes: { offset: number; value: unknown }[] = []
    let at: unknown = this.#document?.contents
    for (const part of path) {
      const found = entryOf(isAlias(at) && this.#document ? at.resolve(this.#document) : at, part)
      if (!found) break
      nodes.push({ offset: found.begin.range?.[0] ?? 0, value: found.value })
      at = found.value
    }
    return nodes
  }
}

function entryOf(node: unknown, part: PropertyKey): { begin: Node; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isNode(key) && String(key.toJSON()) === part)
    return pair && { begin: pair.key as Node, value: pair.value }
  }
  const item = isSeq(node) ? node.items[Number(part)] : undefined
  return isNode(item) ? { begin: item, value: item } : undefined
}
