// `origins` in a form's file: other web sites whose pages may send or show the form.
import * as z from 'zod'

const expected = 'an origin such as https://example.org, without a path, or *'

const origin = z
  .string()
  .regex(/^(\*|https?:\/\/[^\s/]+)$/, { error: expected, abort: true })
  .refine(isOrigin, expected)
  .meta({ examples: ['https://example.org'] })

/** As browsers write it in the header Origin: in lower case, without a path and a default port. */
function isOrigin(text: string): boolean {
  if (text === '*') return true
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text
}

export const Origins = z.array(origin).max(100)
