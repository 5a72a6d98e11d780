// The texts of a form in one language: those of its file, where `page.texts` has no translation.
import type { Field } from '#kit/forms/field.ts'
import type { Form } from '#kit/forms/form.ts'
import type { PageTexts } from '#kit/forms/sections/page.ts'
import { wordsOf } from './language.ts'
import type { Words } from './words/words.ts'

export interface FormTexts {
  language: string
  words: Words
  title: string
  /** Markdown. */
  intro: string | undefined
  submit: string
  /** Markdown. */
  thanks: string
}

export function textsOf({ title, page }: Form, language: string): FormTexts {
  const words = wordsOf(language)
  const own: Partial<PageTexts> = page.texts[language] ?? {}
  // A button and thanks that are not translated are better in the product's words than in another language.
  const inFile = language === page.language ? page : undefined
  return {
    language,
    words,
    title: own.title ?? page.title ?? title,
    intro: own.intro ?? page.intro,
    submit: own.submit ?? inFile?.submit ?? words.submit,
    thanks: own.thanks ?? inFile?.thanks ?? words.thanks,
  }
}

export interface FieldTexts {
  label: string
  help: string | undefined
  /** For an answer that does not fit. `own`: more fitting for these readers than the message for JSON clients. */
  wrong: { text: string; own: boolean }
  /** What people read in place of an option. */
  optionText: (option: string) => string
}

export function fieldTextsOf({ page }: Form, field: Field, language: string): FieldTexts {
  const { label, help, message, options = {} } = page.texts[language]?.fields[field.name] ?? {}
  const inFile = language === page.language ? (field.options.message as string) : undefined
  const own = message ?? inFile ?? wordsOf(language).expected[field.type]?.(field.options)
  return {
    label: label ?? field.label,
    help: help ?? field.help,
    wrong: { text: own ?? `Expected ${field.expected}`, own: own !== undefined },
    optionText: (option) => (Object.hasOwn(options, option) ? options[option]! : option),
  }
}
