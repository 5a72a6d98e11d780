// What a form's file says under `tasks.confirmation`, and what of it does not fit the form.
import * as z from 'zod'
import type { Field } from '#kit/forms/field.ts'
import { Language } from '#kit/forms/sections/page.ts'
import type { Protect } from '#kit/forms/sections/protect.ts'
import type { Mismatch } from '#kit/forms/task-rules.ts'
import type { Template } from '#kit/templates/compile-template.ts'
import { fieldsOf, findTemplateFault } from '#kit/templates/find-fault.ts'
import { templateOption } from '#kit/templates/template-option.ts'
import { Address } from './mail/address.ts'

const texts = {
  subject: templateOption('header', 500).describe('Subject, a Liquid template'),
  text: templateOption('text', 20_000).describe('The mail as plain text, a Liquid template'),
  html: templateOption('html', 50_000)
    .optional()
    .describe('The same as HTML, a Liquid template. Answers are escaped'),
}

const Unsubscribe = z
  .string()
  .max(500)
  .regex(/^(https:\/\/|mailto:)[!-;=?-~]+$/, 'a URL that begins with https:// or mailto:')
  .meta({ examples: ['https://example.org/unsubscribe'] })

const Fields = z.strictObject({
  to: z
    .string()
    .optional()
    .describe('The e-mail field whose answer gets a mail. `subject` and `text` say which'),
  subject: texts.subject.optional(),
  text: texts.text.optional(),
  html: texts.html,
  languages: z
    .record(Language, z.strictObject(texts))
    .default({})
    .describe('The mail in other languages, by language tag. One mail has all of them'),
  echo: z
    .boolean()
    .default(false)
    .describe(
      'Whether the mail to the person may repeat answers in free text (text, multiline, url). Bots send their own texts to strangers in this way',
    ),
  replyTo: Address.optional().describe('Where answers of the person go. Default: to the sender'),
  unsubscribe: Unsubscribe.optional().describe(
    'Address with which mail programs offer to unsubscribe: https or mailto',
  ),
  owners: z
    .array(Address)
    .min(1)
    .max(20)
    .optional()
    .describe('Addresses that get a mail with all answers'),
})

export type Options = z.output<typeof Fields>

export const Options = Fields.check(({ value, issues }) => {
  const report = (path: string[], message: string, input?: unknown) =>
    issues.push({ code: 'custom', path, message, input })
  const { to, subject, text, html, languages, owners } = value
  if (!to && !owners) report([], 'to, owners or both', value)
  if (to && !subject) report(['subject'], 'a template for the mail to the person')
  if (to && !text) report(['text'], 'a template for the mail to the person')
  if (!to && (subject || text || html))
    report(['to'], 'the e-mail field whose answer gets this mail')
  for (const [language, translated] of Object.entries(languages)) {
    const path = ['languages', language, 'html']
    if (html && !translated.html) report(path, 'a template, as the mail has HTML')
    if (!html && translated.html) report(path, 'no HTML, as the mail has none', '…')
  }
}).describe('Sends a mail to the person, to the owners of the form, or to both')

/** Field types whose answers can be any text. */
const freeText = ['text', 'multiline', 'url']

export function checkForm(options: Options, fields: Field[]): Mismatch | undefined {
  return checkTo(options, fields) ?? checkTemplates(options, fields)
}

function checkTo({ to }: Options, fields: Field[]): Mismatch | undefined {
  const type = fields.find(({ name }) => name === to)?.type
  if (to === undefined || type === 'email') return undefined
  const found = type === undefined ? `no field ${JSON.stringify(to)}` : `one of type ${type}`
  return { path: ['to'], expected: 'a field of type email', found }
}

function checkTemplates(options: Options, fields: Field[]): Mismatch | undefined {
  for (const { path, template } of templatesIn(options)) {
    const fault = findTemplateFault(template, fields) ?? findEcho(options, template, fields)
    if (fault) return { path, ...fault }
  }
  return undefined
}

function templatesIn({ languages, ...main }: Options): { path: string[]; template: Template }[] {
  const all = [
    { path: [] as string[], letter: main },
    ...Object.entries(languages).map(([tag, letter]) => ({ path: ['languages', tag], letter })),
  ]
  return all.flatMap(({ path, letter }) =>
    (['subject', 'text', 'html'] as const).flatMap((name) => {
      const template = letter[name]
      return template ? [{ path: [...path, name], template }] : []
    }),
  )
}

function findEcho({ echo }: Options, template: Template, fields: Field[]) {
  if (echo) return undefined
  const free = fieldsOf(template, fields).find(({ type }) => freeText.includes(type))
  if (!free) return undefined
  const row = template.mentions.find(({ path }) => path[0] === free.name)?.row ?? 1
  const expected = 'no answer in free text without echo: true'
  return { expected, found: `the ${free.type} field "${free.name}"`, row }
}

/** Bots use forms that send mails to reach strangers. */
export function warnAbout({ to }: Options, protect: Protect): string | undefined {
  const { captcha, keys, trap, minSeconds, perAddress, perEmail } = protect
  const isProtected = captcha || keys || trap || minSeconds > 0 || perAddress || perEmail
  if (!to || isProtected) return undefined
  return 'expected captcha, keys, trap, minSeconds, perAddress or perEmail under protect, as the form sends mails to any address, found none'
}
