// Finds values in places of an HTML template where escaping is not enough: inside of tags, comments, scripts and styles.
import type { Field } from '../forms/field.ts'
import type { TemplateFault } from './compile-template.ts'

/** Elements whose content browsers do not read as HTML. */
const rawElement = 'script|style|title|textarea|iframe|xmp|noscript|noembed|noframes|plaintext'

/** Outputs `{{ … }}`, tags `{% … %}`, and the pieces of HTML that decide where an output is. */
const pieces = new RegExp(
  [
    String.raw`(?<output>\{\{[\s\S]*?\}\})`,
    String.raw`\{%[\s\S]*?%\}`,
    String.raw`(?<closed><!--[\s\S]*?(?:-->|$)|<(?<name>${rawElement})\b[\s\S]*?(?:<\/\k<name>|$))`,
    '(?<open><[a-z/!?])',
    '(?<close>>)',
    `(?<quote>["'])`,
  ].join('|'),
  'gi',
)

/** Follows the state of HTML as browsers do, as far as outputs need it. */
export function findUnsafePlace(source: string, fields: Field[]): TemplateFault | undefined {
  let inTag = false
  let quote = ''
  for (const { 0: piece, index, groups = {} } of source.matchAll(pieces)) {
    if (groups.output && inTag) {
      const isSafe = quote !== '' && isLink(source.slice(0, index), piece, fields)
      if (!isSafe) return faultAt(source, index, piece)
    } else if (groups.closed) {
      const at = piece.indexOf('{{')
      if (at >= 0) return faultAt(source, index + at, piece.slice(0, 20))
    } else if (groups.open && !inTag) inTag = true
    else if (groups.quote && inTag) quote = nextQuote(quote, piece)
    else if (groups.close && quote === '') inTag = false
  }
  return undefined
}

const nextQuote = (open: string, piece: string): string => {
  if (open === '') return piece
  return open === piece ? '' : open
}

function faultAt(source: string, index: number, found: string): TemplateFault {
  return {
    expected:
      'answers between the tags of HTML, or the answer to a url field as in <a href="{{ homepage }}">',
    found: `${JSON.stringify(found)} within a tag, comment, script or style`,
    row: source.slice(0, index).split('\n').length,
  }
}

/** Whether the output is a web address and begins the value of `href`. */
function isLink(before: string, output: string, fields: Field[]): boolean {
  const name = /^\{\{-?\s*(\w+)\s*-?\}\}$/.exec(output)?.[1]
  const isUrl = fields.some((field) => field.name === name && field.type === 'url')
  return isUrl && /\shref\s*=\s*["']$/i.test(before.slice(-50))
}
