// `page` in a form's file: what the form's web page says, and where it leads.
import * as z from 'zod'
import type { FormFile } from '../compile/form-file.ts'
import type { Field, Fields } from '../field.ts'
import { choicesText } from '../field-parts/choices.ts'
import { visibleText } from '../field-parts/visible-text.ts'

export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language tag such as en, hi or pt-BR')
  .meta({ examples: ['hi'] })

const markdown = visibleText(5_000)

/** An address on this site, or an https URL. Without a backslash, which browsers read as a slash. */
export const target = z
  .string()
  .max(2_000)
  .regex(/^(\/(?![/\\])|https:\/\/[^/\\@]+(\/|$))[^\s\\]*$/, {
    error: 'a path on this site, such as /thanks, or an https URL',
    abort: true,
  })
  .refine((text) => URL.canParse(text, 'https://a'), 'a URL')
  .meta({ examples: ['/thanks'] })

const texts = {
  title: visibleText(200)
    .optional()
    .describe('Heading of the page. Default: the title of the form'),
  intro: markdown.optional().describe('Text above the fields, in Markdown'),
  submit: visibleText(60).optional().describe('Text of the button'),
  thanks: markdown.optional().describe('Text after a submission, in Markdown'),
}

const FieldTexts = z.strictObject({
  label: visibleText(200).optional().describe('In place of `label` of the field'),
  help: visibleText(1_000).optional().describe('In place of `help` of the field'),
  message: visibleText(200).optional().describe('For an answer that does not fit'),
  options: z
    .record(z.string(), visibleText(200))
    .optional()
    .describe('What people read in place of an option'),
})

const Texts = z.strictObject({
  ...texts,
  fields: z.record(z.string(), FieldTexts).default({}).describe('Texts of fields, by name'),
})

export const Page = z.strictObject({
  ...texts,
  redirect: target
    .optional()
    .describe('Where a browser is led after a submission: a path on this site or an https URL'),
  language: Language.default('en').describe('Language of the texts in this file'),
  texts: z
    .record(Language, Texts)
    .default({})
    .describe('Texts in other languages, by language tag: the browser chooses by Accept-Language'),
})

export type Page = z.infer<typeof Page>
export type PageTexts = z.infer<typeof Texts>

interface Named {
  /** All names under `fields`, including those of wrong fields, which `fields` lacks. */
  fieldNames: string[]
  fields: Fields
}

/** Reports texts for fields and options that the form does not have. */
export function checkTexts(file: FormFile, page: Page, { fieldNames, fields }: Named): void {
  for (const [language, { fields: translated }] of Object.entries(page.texts)) {
    for (const [name, { options = {} }] of Object.entries(translated)) {
      const path = ['page', 'texts', language, 'fields', name]
      if (!fieldNames.includes(name)) {
        file.report(path, `only fields of this form (${fieldNames.join(', ')})`, 'another name')
      } else if (fields[name]) {
        checkOptions(file, [...path, 'options'], { options, field: fields[name] })
      }
    }
  }
}

function checkOptions(
  file: FormFile,
  path: string[],
  { options, field }: { options: Record<string, string>; field: Field },
): void {
  const choices = field.input.choices ?? []
  const unknown = Object.keys(options).find((option) => !choices.includes(option))
  if (unknown === undefined) return
  const expected =
    choices.length > 0 ? `one of ${choicesText(choices)}` : 'no options, as the field has none'
  file.report([...path, unknown], expected, 'another option')
}
