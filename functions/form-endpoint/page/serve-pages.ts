// Pages for people with a browser: the form, and the thanks after a submission.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { FormLookup } from '../form-lookup.ts'
import { newIdempotencyKey } from '../submission-id.ts'
import { html } from './html.ts'
import { languageOf, wordsOf } from './language.ts'
import { layout } from './layout.ts'
import { renderForm } from './render-form.ts'
import { sendPage } from './send-page.ts'

export function servePages(app: FastifyInstance, { requireForm }: FormLookup): void {
  app.get('/forms/:form', async (request, reply) => sendForm(requireForm(request), request, reply))
  app.get('/forms/:form/thanks', async (request, reply) => {
    const form = requireForm(request)
    const language = languageOf(form, request.headers['accept-language'])
    const { thanksTitle, thanks } = wordsOf(language)
    const body = html`<h1>${thanksTitle}</h1><p>${form.page.thanks ?? thanks}</p>`
    return sendPage(reply, { form, text: layout({ language, title: form.title, body }) })
  })
}

/** The empty form. */
export function sendForm(form: Form, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(form, request.headers['accept-language'])
  return sendPage(reply, { form, text: renderForm({ form, language, key: newIdempotencyKey() }) })
}
