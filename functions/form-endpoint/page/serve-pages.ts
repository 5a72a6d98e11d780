// Pages for people with a browser: the form, and the thanks after a submission.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { FormLookup } from '../form-lookup.ts'
import { newIdempotencyKey } from '../submission-id.ts'
import { serveFormScript } from './form-script.ts'
import { languageOf } from './language.ts'
import { renderForm } from './render-form.ts'
import { receiptIn, renderThanks } from './render-thanks.ts'
import { sendPage } from './send-page.ts'

export function servePages(app: FastifyInstance, { requireForm }: FormLookup): void {
  app.get('/forms/:form', async (request, reply) => sendForm(requireForm(request), request, reply))
  app.get('/forms/:form/thanks', async (request, reply) => {
    const form = requireForm(request)
    const language = languageOf(form, request)
    const receipt = receiptIn(request.query)
    return sendPage(reply, { form, text: await renderThanks({ form, language, receipt }) })
  })
  serveFormScript(app)
}

/** The empty form. */
export async function sendForm(
  form: Form,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const language = languageOf(form, request)
  const text = await renderForm({ form, language, key: newIdempotencyKey() })
  return sendPage(reply, { form, text })
}
