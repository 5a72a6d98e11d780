// Chooses the language of a page, and the product's words in it.
import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { en } from './words/en.ts'
import { hi } from './words/hi.ts'
import type { Words } from './words/words.ts'

const known: Record<string, Words> = { en, hi }

/** English for a language that the product does not have. */
export const wordsOf = (language: string): Words => known[language.split('-')[0]!] ?? en

export const directionOf = (language: string): string =>
  new Intl.Locale(language).getTextInfo().direction ?? 'ltr'

/** The languages in which the form has texts; the first is that of its file. */
export const languagesOf = ({ page }: Pick<Form, 'page'>): string[] => [
  ...new Set([page.language, ...Object.keys(page.texts)]),
]

/** Keeps the language from one page of the form to the next. */
export const languageQuery = (form: Form, language: string): string =>
  languagesOf(form).length > 1 ? `?lang=${language}` : ''

/** The language that the address names (`?lang=hi`), else the one that the browser prefers, else the form's own. */
export const languageOf = (form: Pick<Form, 'page'>, request: FastifyRequest): string =>
  choose(languagesOf(form), request)

/** For a page of no form. */
export const preferredLanguage = (request: FastifyRequest): string =>
  choose(Object.keys(known), request)

/** The first of those offered if none is wanted. */
function choose(offered: string[], { query, headers }: FastifyRequest): string {
  const { lang } = query as { lang?: unknown }
  const wanted = [...[lang].flat(), ...preferred(headers['accept-language'] ?? '')]
  for (const tag of wanted) {
    const found = offered.find((one) => isSame(one.toLowerCase(), String(tag).toLowerCase()))
    if (found) return found
  }
  return offered[0]!
}

/** The tags of an Accept-Language, best first. */
const preferred = (accepted: string): string[] =>
  accepted
    .split(',')
    .map((part) => {
      const [tag = '', weight = 'q=1'] = part.trim().split(/\s*;\s*/)
      return { tag, weight: Number(weight.replace(/^q=/, '')) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)

/** `en` serves people who want en-GB, and en-GB those who want en. */
const isSame = (offered: string, wanted: string): boolean =>
  offered === wanted || offered.startsWith(`${wanted}-`) || wanted.startsWith(`${offered}-`)
