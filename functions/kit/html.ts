// HTML text, in which every value is escaped.

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | Part[] | undefined | false

/** A template: values are escaped unless they are HTML; undefined and false give nothing. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(texts.map((text, n) => (n === 0 ? text : toText(parts[n - 1]) + text)).join(''))
}

function toText(part: Part): string {
  if (part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(toText).join('')
  return part instanceof Html ? part.text : escapeHtml(String(part))
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (found) => escapes[found]!)

/** ` name="value"` for each; false gives nothing, true only the name. */
export function attributes(values: Record<string, string | number | boolean | undefined>): Html {
  const texts = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return value === true ? [` ${name}`] : [` ${name}="${escapeHtml(String(value))}"`]
  })
  return new Html(texts.join(''))
}
