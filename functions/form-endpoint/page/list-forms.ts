// The list of all forms. Only where the operator wants it: a form that nobody was told of is found by no one.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { html } from '#kit/html.ts'
import { languageOf, preferredLanguage, wordsOf } from './language.ts'
import { layout } from './layout.ts'
import { sendPage } from './send-page.ts'
import { textsOf } from './texts.ts'

export function listForms(app: FastifyInstance, allForms: () => Form[]): void {
  app.get('/forms', async (request, reply) =>
    sendPage(reply, { text: renderList(allForms(), request) }),
  )
}

function renderList(forms: Form[], request: FastifyRequest): string {
  const language = preferredLanguage(request)
  const { forms: title } = wordsOf(language)
  const items = forms.map((form) => {
    const own = languageOf(form, request)
    return html`<li><a href="/forms/${form.id}" lang="${own}">${textsOf(form, own).title}</a></li>\n`
  })
  return layout({ language, title, body: html`<h1>${title}</h1><ul>${items}</ul>` })
}
