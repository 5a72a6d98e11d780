// Where a browser is led after a submission.
import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { target } from '#kit/forms/sections/page.ts'
import { languageOf } from './page/language.ts'
import { thanksAddress, thanksPath } from './page/render-thanks.ts'
import { invalid } from './problem.ts'

/** The target that the submitting page names in its field `_redirect`, else that of the form, else the thanks. */
export function nextPage(form: Form, request: FastifyRequest): string {
  const { page, origins } = form
  const { _redirect: wanted } = request.body as { _redirect?: unknown }
  if (wanted === undefined || wanted === '') {
    return encoded(page.redirect ?? thanksAddress(form, languageOf(form, request)))
  }
  const { success, data } = target.safeParse(wanted)
  // `*` in origins is not enough: anyone could lead people from here to a page of theirs.
  if (success && (data.startsWith('/') || origins.includes(new URL(data).origin))) {
    return encoded(data)
  }
  throw invalid({ _redirect: `Expected ${allowedTargets(origins)}` })
}

interface Receipt {
  /** Of the submission. */
  id: string
  /** Absent if receipts are off. */
  token: string | undefined
}

/** The thanks lead to the receipt; other pages are not told of it. */
export function withReceipt(next: string, form: Form, { id, token }: Receipt): string {
  const [path] = next.split('?', 1)
  if (token === undefined || path !== thanksPath(form)) return next
  return `${next}${next === path ? '?' : '&'}id=${id}&token=${token}`
}

function allowedTargets(origins: string[]): string {
  const sites = origins.filter((origin) => origin.startsWith('https:'))
  return ['a path on this site', ...sites.map((site) => `a page of ${site}`)].join(' or ')
}

/** A header takes ASCII only. */
const encoded = (address: string): string => address.replace(/[^\x21-\x7e]+/g, encodeURI)
