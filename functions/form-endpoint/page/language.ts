// Chooses the language of a page, and the product's words in it.
import type { Form } from '#kit/forms/form.ts'
import { en } from './words/en.ts'
import { hi } from './words/hi.ts'
import type { Words } from './words/words.ts'

const known: Record<string, Words> = { en, hi }

/** English for a language that the product does not have. */
export const wordsOf = (language: string): Words => known[language.split('-')[0]!] ?? en

/** The language of a form that the browser prefers; else the form's own. `accepted`: the header Accept-Language. */
export function languageOf({ page }: Form, accepted = ''): string {
  const offered = [page.language, ...Object.keys(page.texts)]
  const wanted = accepted
    .split(',')
    .map((part) => {
      const [tag = '', weight = 'q=1'] = part.trim().split(/\s*;\s*/)
      return { tag: tag.toLowerCase(), weight: Number(weight.replace(/^q=/, '')) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const found = offered.find((one) => isSame(one.toLowerCase(), tag))
    if (found) return found
  }
  return page.language
}

/** `en` serves people who want en-GB, and en-GB those who want en. */
const isSame = (offered: string, wanted: string): boolean =>
  offered === wanted || offered.startsWith(`${wanted}-`) || wanted.startsWith(`${offered}-`)
