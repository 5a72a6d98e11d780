// Pages for people with a browser: the form, and the thanks after a submission.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { html } from '#kit/html.ts'
import type { FormLookup } from '../form-lookup.ts'
import type { ProblemError } from '../problem.ts'
import { isProtected } from '../protect/needs.ts'
import { refusalText } from '../protect/refusal-text.ts'
import { newIdempotencyKey } from '../submission-id.ts'
import { formScript } from './form-script.ts'
import { languageOf } from './language.ts'
import { layout } from './layout.ts'
import { renderForm } from './render-form.ts'
import { receiptIn, renderThanks } from './render-thanks.ts'
import { sendPage } from './send-page.ts'
import { textsOf } from './texts.ts'

export function servePages(app: FastifyInstance, { requireForm }: FormLookup): void {
  app.get('/forms/:form', async (request, reply) => sendForm(requireForm(request), request, reply))
  app.get('/forms/:form/thanks', async (request, reply) => {
    const form = requireForm(request)
    const language = languageOf(form, request)
    const receipt = receiptIn(request.query, language)
    return sendPage(reply, { form, text: await renderThanks({ form, language, receipt }) })
  })
  // Pages of other sites load it for a form that they embed.
  formScript.serve(app, { 'access-control-allow-origin': '*' })
}

/** The empty form, or why nobody can submit it now. */
export async function sendForm(
  form: Form,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const language = languageOf(form, request)
  const { protection } = request.server
  const closed = isProtected(form) ? await protection.whyClosed(form) : undefined
  if (closed) return sendPage(reply, { form, text: closedPage(form, language, closed) })
  const parts = protection.partsOf({ form, language })
  const view = { form, language, key: newIdempotencyKey(), protection: parts }
  return sendPage(reply, { form, text: await renderForm(view) })
}

function closedPage(form: Form, language: string, { problem }: ProblemError): string {
  const { title } = textsOf(form, language)
  const text = refusalText(problem, form, language) ?? problem.title
  return layout({ language, title, body: html`<h1>${title}</h1><p>${text}</p>` })
}
