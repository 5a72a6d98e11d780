// The YAML of a form file: its values, and by path the line and the word as it is written.
import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  type YAMLMap,
} from 'yaml'
import { ParsedYaml, type Path, type Word } from './parse-yaml.ts'

/** Each look-up takes the same time, however large the file is. */
export class FormYaml {
  #yaml: ParsedYaml
  #resolved = new Map<Alias, unknown>()

  constructor(text: string) {
    this.#yaml = new ParsedYaml(text)
  }

  get data(): unknown {
    return this.#yaml.data
  }

  get faults(): ParsedYaml['faults'] {
    return this.#yaml.faults
  }

  /** Whether the file is a mapping that has one of these keys. Works for a file with faults too, as far as it was parsed. */
  hasAny(keys: string[]): boolean {
    const entries = this.#yaml.entries.get(this.#yaml.document?.contents as YAMLMap)
    return keys.some((key) => entries?.has(key))
  }

  /** The line of the last part of the path that is in the file. `row`: of a text after `|`, this line of the text. */
  lineOf(path: Path, row = 1): number {
    const [last] = this.#nodesOn(path).slice(-1)
    const { line } = this.#yaml.lines.linePos(last?.offset ?? 0)
    const isBlock = isScalar(last?.value) && last.value.type === Scalar.BLOCK_LITERAL
    return isBlock ? line + row : line
  }

  /** The plain word at the path if YAML reads it as something other than text: `007`, `true`, `0x1F`, `null`. */
  wordAt(path: Path): Word | undefined {
    const nodes = this.#nodesOn(path)
    if (nodes.length < path.length) return undefined
    const node = path.length === 0 ? this.#yaml.document?.contents : nodes.at(-1)?.value
    const scalar = this.#resolve(node)
    if (!isScalar(scalar) || scalar.type !== Scalar.PLAIN) return undefined
    if (typeof scalar.value === 'string' || !scalar.source) return undefined
    return { word: scalar.source, value: scalar.value }
  }

  /** A node for each part of the path, up to the first part that the file lacks. */
  #nodesOn(path: Path): { offset: number; value: unknown }[] {
    const nodes: { offset: number; value: unknown }[] = []
    let at: unknown = this.#yaml.document?.contents
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
      const pair = this.#yaml.entries.get(node as YAMLMap)?.get(String(part))
      return pair && { begin: pair.key as Node, value: pair.value }
    }
    const item = isSeq(node) ? node.items[Number(part)] : undefined
    return isNode(item) ? { begin: item, value: item } : undefined
  }

  /** Cached, as the library walks through the whole file to find an anchor. */
  #resolve(node: unknown): unknown {
    const { document } = this.#yaml
    if (!isAlias(node) || !document) return node
    if (!this.#resolved.has(node)) this.#resolved.set(node, node.resolve(document))
    return this.#resolved.get(node)
  }
}
