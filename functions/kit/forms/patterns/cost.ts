// What a pattern costs at most, counted from its source: the same on every machine, and known before it is compiled.

export interface PatternCost {
  /** With its repeats written out: about what RE2 compiles it to. */
  parts: number
  /** A step is one part at one place of the longest text. A matcher takes each at most once. */
  steps: number
}

interface Node {
  parts: number
  /** Lengths of the texts that it matches, in characters. */
  min: number
  max: number
  /** Where it may begin: the least and the greatest number of characters before it. */
  steps(from: number, to: number, longest: number): number
}

const token =
  /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\[pPu]\{[^}]*\}|\\u.{4}|\\x..|\\c.|\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|\(\?<\w+>|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu

/** A table of hundreds of ranges that is read and sorted. It is made once, however often it is repeated. */
const partsOfProperty = 20

export function costOf(source: string, longest: number): PatternCost {
  const node = alternatives((source.match(token) ?? []).values())
  const properties = source.match(/\\[pP]\{/g)?.length ?? 0
  const parts = node.parts + properties * partsOfProperty
  // Counting walks through all parts: of too many there is nothing to know.
  return { parts, steps: parts > maxParts ? Number.POSITIVE_INFINITY : node.steps(0, 0, longest) }
}

/** Of one pattern. */
export const maxParts = 4_000

/** To the end of the group, or of the pattern. */
function alternatives(tokens: Iterator<string>): Node {
  const ways: Node[] = []
  let way: Node[] = []
  for (
    let { value, done } = tokens.next();
    !done && value !== ')';
    { value, done } = tokens.next()
  ) {
    const repeated = countsOf(value)
    if (value === '|') {
      ways.push(sequence(way))
      way = []
    } else if (repeated) way.push(repeat(way.pop() ?? sequence([]), repeated))
    else way.push(value.startsWith('(') ? group(value, tokens) : single(value))
  }
  return ways.length === 0 ? sequence(way) : choice([...ways, sequence(way)])
}

/** What it captures is noted at its begin and its end. */
function group(opened: string, tokens: Iterator<string>): Node {
  const within = alternatives(tokens)
  return opened === '(?:' ? within : sequence([anchor, within, anchor])
}

const endless = Number.POSITIVE_INFINITY

function countsOf(token: string): [least: number, most: number] | undefined {
  if (/^[*+?]\??$/.test(token)) return [token[0] === '+' ? 1 : 0, token[0] === '?' ? 1 : endless]
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? []
  if (least === undefined) return undefined
  return [Number(least), most ? Number(most) : comma ? endless : Number(least)]
}

const places = (from: number, to: number, longest: number): number =>
  Math.max(0, Math.min(to, longest) - from + 1)

const character: Node = { parts: 1, min: 1, max: 1, steps: places }
const anchor: Node = { parts: 1, min: 0, max: 0, steps: places }

const single = (token: string): Node => (/^(?:[\^$]|\\[bB])$/.test(token) ? anchor : character)

function sequence(nodes: Node[]): Node {
  return {
    parts: Math.max(1, sumOf(nodes, 'parts')),
    min: sumOf(nodes, 'min'),
    max: sumOf(nodes, 'max'),
    steps(from, to, longest) {
      let [sum, begin, end] = [nodes.length === 0 ? places(from, to, longest) : 0, from, to]
      for (const node of nodes) {
        if (begin > longest) break
        sum += node.steps(begin, end, longest)
        begin += node.min
        end += node.max
      }
      return sum
    },
  }
}

function choice(nodes: Node[]): Node {
  return {
    parts: sumOf(nodes, 'parts') + nodes.length - 1,
    min: Math.min(...nodes.map(({ min }) => min)),
    max: Math.max(...nodes.map(({ max }) => max)),
    steps: (from, to, longest) =>
      nodes.reduce(
        (sum, node) => sum + node.steps(from, to, longest),
        (nodes.length - 1) * places(from, to, longest),
      ),
  }
}

/** RE2 writes `a{2,4}` as `aa(a(a)?)?`, and `a{2,}` as `aa+`. */
function repeat(node: Node, [least, most]: [number, number]): Node {
  const copies = most === endless ? Math.max(1, least) : most
  return {
    parts: Math.max(1, node.parts * copies + (most === endless ? 1 : most - least)),
    min: node.min * least,
    max: times(node.max, most),
    steps(from, to, longest) {
      let sum = places(from, to, longest)
      for (let copy = 0; copy < copies && from + copy * node.min <= longest; copy++) {
        const [begin, end] = [from + copy * node.min, to + times(node.max, copy)]
        // The last one of an endless repeat comes again behind itself.
        const last = most === endless && copy === copies - 1 && node.max > 0 ? endless : end
        sum += node.steps(begin, last, longest) + places(begin, last, longest)
      }
      return sum
    },
  }
}

/** Nothing is nothing, also without end. */
const times = (length: number, count: number): number =>
  count === 0 || length === 0 ? 0 : length * count

const sumOf = (nodes: Node[], key: 'parts' | 'min' | 'max'): number =>
  nodes.reduce((sum, node) => sum + node[key], 0)
