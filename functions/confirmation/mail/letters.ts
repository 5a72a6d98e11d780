// Writes the mails of a submission: the one to the person from the templates of the form, and the one to the owners.
import type { Form } from '#kit/forms/form.ts'
import type { Scope } from '#kit/templates/compile-template.ts'
import { printer, type TemplateValue, toHeader } from '#kit/templates/output-kinds.ts'
import { scopeOf } from '#kit/templates/scope.ts'
import type { Options } from '../options.ts'

export interface Submission {
  form: Form
  id: string
  /** ISO 8601. */
  time: string
  answers: Record<string, TemplateValue>
}

export interface Content {
  subject: string
  text: string
  html?: string
}

/**
 * The submission does not say which language the person reads. So one mail has the text in the language of the form, and then in the
 * others.
 */
export function toPerson(options: Options, submission: Submission): Content {
  const scope = scopeOf(submission)
  const { page } = submission.form
  const all = [
    { language: page.language, content: fillIn(options, scope) },
    ...Object.entries(options.languages).map(([language, letter]) => ({
      language,
      content: fillIn(letter, scope),
    })),
  ]
  const html = all.map(({ language, content }) => `<div lang="${language}">${content.html}</div>`)
  return {
    subject: toHeader(all.map(({ content }) => content.subject).join(' / ')),
    text: all.map(({ content }) => content.text.trimEnd()).join('\n\n* * *\n\n'),
    ...(options.html && { html: html.join('\n<hr>\n') }),
  }
}

type Templates = Pick<Options, 'subject' | 'text' | 'html'>

function fillIn({ subject, text, html }: Templates, scope: Scope): Content {
  return {
    subject: subject?.render(scope) ?? '',
    text: text?.render(scope) ?? '',
    ...(html && { html: html.render(scope) }),
  }
}

const print = printer('text')

/** All answers, in the order of the form. */
export function toOwners({ form, id, time, answers }: Submission): Content {
  const lines = Object.values(form.fields).flatMap(({ name, label }) => {
    const answer = answers[name]
    return answer === undefined ? [] : [lineOf(label, answer)]
  })
  return {
    subject: toHeader(`${form.title}: a new submission`),
    text: [...lines, '', `Submission ${id}, ${time}`].join('\n'),
  }
}

function lineOf(label: string, answer: TemplateValue): string {
  const value = typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : print(answer)
  return value.includes('\n') ? `${label}:\n${value.replaceAll(/^/gm, '  ')}` : `${label}: ${value}`
}
