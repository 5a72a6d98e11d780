// Where a browser is led after a submission.
import type { Form } from '#kit/forms/form.ts'
import { target } from '#kit/forms/sections/page.ts'
import { invalid } from './problem.ts'

/** The target that the submitting page names in its field `_redirect`, else that of the form, else the thanks. */
export function nextPage({ id, page, origins }: Form, body: object): string {
  const { _redirect: wanted } = body as { _redirect?: unknown }
  if (wanted === undefined || wanted === '') return encoded(page.redirect ?? `/forms/${id}/thanks`)
  const { success, data } = target.safeParse(wanted)
  // `*` in origins is not enough: anyone could lead people from here to a page of theirs.
  if (success && (data.startsWith('/') || origins.includes(new URL(data).origin))) {
    return encoded(data)
  }
  throw invalid({ _redirect: `Expected ${allowedTargets(origins)}` })
}

function allowedTargets(origins: string[]): string {
  const sites = origins.filter((origin) => origin.startsWith('https:'))
  return ['a path on this site', ...sites.map((site) => `a page of ${site}`)].join(' or ')
}

/** A header takes ASCII only. */
const encoded = (address: string): string => address.replace(/[^\x21-\x7e]+/g, encodeURI)
