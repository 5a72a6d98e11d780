// Google's field masks: `sheets(properties.title,data/rowData)` selects the fields of a response.
import { invalid } from './google-error.ts'

/** true selects everything. */
export type FieldMask = true | { [field: string]: FieldMask }

/** No mask and `*` select everything. */
export function parseFieldMask(text: string | undefined): FieldMask {
  if (text === undefined || text === '') return true
  const tokens = text.match(/[A-Za-z_]\w*|\S/g) ?? []
  const mask = parseList(tokens)
  if (tokens.length) throw invalid(`Invalid field selection ${text}`)
  return mask
}

function parseList(tokens: string[]): FieldMask {
  const fields: FieldMask = {}
  do {
    const name = tokens.shift()
    if (!name || !/^(\*|\w+)$/.test(name)) throw invalid(`Invalid field selection ${name ?? ''}`)
    fields[name] = merge(fields[name], parseRest(tokens))
  } while (tokens[0] === ',' && tokens.shift())
  return fields['*'] ? true : fields
}

function parseRest(tokens: string[]): FieldMask {
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

function merge(one: FieldMask | undefined, other: FieldMask): FieldMask {
  if (one === undefined) return other
  if (one === true || other === true) return true
  const fields = { ...one }
  for (const [name, mask] of Object.entries(other)) fields[name] = merge(fields[name], mask)
  return fields
}

export function selects(mask: FieldMask, [field, ...rest]: string[]): boolean {
  if (mask === true || field === undefined) return true
  const inner = mask[field]
  return inner !== undefined && selects(inner, rest)
}

export function applyMask(value: unknown, mask: FieldMask): unknown {
  if (mask === true || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => applyMask(item, mask))
  const selected: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    if (mask[name]) selected[name] = applyMask(item, mask[name])
  }
  return selected
}
