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
export const languagesOf = ({ page }: Form): string[] => [
  ...new Set([page.language, ...Object.keys(page.texts)]),
]

/** The language that the address names (`?lang=hi`), else the one that the browser prefers, else the form's own. */
export function languageOf(form: Form, { query, headers }: FastifyRequest): string {
  const offered = languagesOf(form)
  const { lang } = query as { lang?: unknown }
  const wanted = [...[lang].flat(), ...preferred(headers['accept-language'] ?? '')]
  for (const tag of wanted) {
    const found = offered.find((one) => isSame(one.toLowerCase(), String(tag).toLowerCase()))
    if (found) return found
  }
  return form.page.language
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
