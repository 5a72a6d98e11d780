// Google's field masks: `sheets(properties.title,data/rowData)` chooses what an answer contains.
import { invalid } from './google-error.ts'

export type Mask = true | { [field: string]: Mask }

/** Without a mask, or with `*`, everything is chosen. */
export function parseMask(text: string | undefined): Mask {
  if (text === undefined || text === '') return true
  const tokens = text.match(/[A-Za-z_]\w*|\S/g) ?? []
  const mask = parseList(tokens)
  if (tokens.length) throw invalid(`Invalid field selection ${text}`)
  return mask
}

function parseList(tokens: string[]): Mask {
  const fields: Mask = {}
  do {
    const name = tokens.shift()
    if (!name || !/^(\*|\w+)$/.test(name)) throw invalid(`Invalid field selection ${name ?? ''}`)
    fields[name] = merge(fields[name], parseRest(tokens))
  } while (tokens[0] === ',' && tokens.shift())
  return fields['*'] ? true : fields
}

function parseRest(tokens: string[]): Mask {
  if (tokens[0] === '.' || tokens[0] === '/') {
    tokens.shift()
    const name = tokens.shift() ?? ''
    if (!/^(\*|\w+)$/.test(name)) throw invalid(`Invalid field selection ${name}`)
    const rest = parseRest(tokens)
    return name === '*' ? rest : { [name]: rest }
  }
  if (tokens[0] !== '(') return true
  tokens.shift()
  const inner = parseList(tokens)
  if (tokens.shift() !== ')') throw invalid('Invalid field selection: expected )')
  return inner
}

function merge(one: Mask | undefined, other: Mask): Mask {
  if (one === undefined) return other
  if (one === true || other === true) return true
  const fields = { ...one }
  for (const [name, mask] of Object.entries(other)) fields[name] = merge(fields[name], mask)
  return fields
}

export function selects(mask: Mask, [field, ...rest]: string[]): boolean {
  if (mask === true || field === undefined) return true
  const inner = mask[field]
  return inner !== undefined && selects(inner, rest)
}

export function project(value: unknown, mask: Mask): unknown {
  if (mask === true || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => project(item, mask))
  const chosen: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    if (mask[name]) chosen[name] = project(item, mask[name])
  }
  return chosen
}
