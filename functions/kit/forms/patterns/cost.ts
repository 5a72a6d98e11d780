// Upper bounds for the cost of a pattern, counted from its source: the same on every machine, and known before it is compiled.

export interface PatternCost {
  /** Its size with repeats written out: about the number of instructions that RE2 compiles it to. */
  parts: number
  /** One part at one position of the longest text is a step. RE2 takes each step at most once. */
  steps: number
}

interface Node {
  parts: number
  /** Lengths of the texts that it matches, in characters: shortest and longest. */
  min: number
  max: number
  /** In how many ways an engine that backtracks may try to match a text. */
  paths(longest: number): number
  /** `from` and `to`: the smallest and largest position where it may begin. */
  steps(from: number, to: number, longest: number): number
}

const token =
  /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\[pPu]\{[^}]*\}|\\u.{4}|\\x..|\\c.|\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|\(\?<\w+>|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu

/** A Unicode property is a table of hundreds of ranges. It is made once, even if the property is repeated. */
const partsOfProperty = 20

export function costOf(source: string, longest: number): PatternCost {
  const node = alternatives((source.match(token) ?? []).values())
  const properties = source.match(/\\[pP]\{/g)?.length ?? 0
  const parts = node.parts + properties * partsOfProperty
  // Counting steps walks through all parts. A pattern with too many is refused anyway.
  return { parts, steps: parts > maxParts ? Number.POSITIVE_INFINITY : node.steps(0, 0, longest) }
}

/** For one pattern. */
export const maxParts = 4_000

/** Upper bound for the attempts of an engine that backtracks, such as that of a browser. */
export const attemptsOf = (source: string, longest: number): number =>
  alternatives((source.match(token) ?? []).values()).paths(longest)

/** Reads up to the end of the group, or of the pattern. */
function alternatives(tokens: Iterator<string>): Node {
  const branches: Node[] = []
  let branch: Node[] = []
  for (
    let { value, done } = tokens.next();
    !done && value !== ')';
    { value, done } = tokens.next()
  ) {
    const repeated = countsOf(value)
    if (value === '|') {
      branches.push(sequence(branch))
      branch = []
    } else if (repeated) branch.push(repeat(branch.pop() ?? sequence([]), repeated))
    else branch.push(value.startsWith('(') ? group(value, tokens) : single(value))
  }
  return branches.length === 0 ? sequence(branch) : choice([...branches, sequence(branch)])
}

/** A capturing group has an instruction at its begin and one at its end. */
function group(opened: string, tokens: Iterator<string>): Node {
  const within = alternatives(tokens)
  return opened === '(?:' ? within : sequence([anchor, within, anchor])
}

const endless = Number.POSITIVE_INFINITY

function countsOf(token: string): [min: number, max: number] | undefined {
  if (/^[*+?]\??$/.test(token)) return [token[0] === '+' ? 1 : 0, token[0] === '?' ? 1 : endless]
  const [, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? []
  if (min === undefined) return undefined
  return [Number(min), max ? Number(max) : comma ? endless : Number(min)]
}

const positions = (from: number, to: number, longest: number): number =>
  Math.max(0, Math.min(to, longest) - from + 1)

const character: Node = { parts: 1, min: 1, max: 1, paths: () => 1, steps: positions }
const anchor: Node = { parts: 1, min: 0, max: 0, paths: () => 1, steps: positions }

const single = (token: string): Node => (/^(?:[\^$]|\\[bB])$/.test(token) ? anchor : character)

function sequence(nodes: Node[]): Node {
  return {
    parts: Math.max(1, sumOf(nodes, 'parts')),
    min: sumOf(nodes, 'min'),
    max: sumOf(nodes, 'max'),
    paths: (longest) => nodes.reduce((product, node) => product * node.paths(longest), 1),
    steps(from, to, longest) {
      let [sum, begin, end] = [nodes.length === 0 ? positions(from, to, longest) : 0, from, to]
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
    paths: (longest) => nodes.reduce((sum, node) => sum + node.paths(longest), 0),
    steps: (from, to, longest) =>
      nodes.reduce(
        (sum, node) => sum + node.steps(from, to, longest),
        (nodes.length - 1) * positions(from, to, longest),
      ),
  }
}

/** RE2 writes `a{2,4}` as `aa(a(a)?)?`, and `a{2,}` as `aa+`. */
function repeat(node: Node, [min, max]: [number, number]): Node {
  const copies = max === endless ? Math.max(1, min) : max
  return {
    parts: Math.max(1, node.parts * copies + (max === endless ? 1 : max - min)),
    min: node.min * min,
    max: times(node.max, max),
    paths(longest) {
      const most = Math.min(max, longest)
      return Math.max(1, most - min + 1) * node.paths(longest) ** most
    },
    steps(from, to, longest) {
      let sum = positions(from, to, longest)
      for (let copy = 0; copy < copies && from + copy * node.min <= longest; copy++) {
        const [begin, end] = [from + copy * node.min, to + times(node.max, copy)]
        // The last copy of an endless repeat may begin at any later position.
        const last = max === endless && copy === copies - 1 && node.max > 0 ? endless : end
        sum += node.steps(begin, last, longest) + positions(begin, last, longest)
      }
      return sum
    },
  }
}

/** 0 times Infinity is 0 here, not NaN. */
const times = (length: number, count: number): number =>
  count === 0 || length === 0 ? 0 : length * count

const sumOf = (nodes: Node[], key: 'parts' | 'min' | 'max'): number =>
  nodes.reduce((sum, node) => sum + node[key], 0)
