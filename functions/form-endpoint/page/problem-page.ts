// What a person with a browser sees when a request fails: the form again with the answers, or why it cannot be shown.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../problem.ts'
import { newIdempotencyKey } from '../submission-id.ts'
import { html } from './html.ts'
import { languageOf, wordsOf } from './language.ts'
import { layout } from './layout.ts'
import { renderForm } from './render-form.ts'
import { sendPage } from './send-page.ts'

export function sendProblemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const { form, body, headers } = request
  reply.code(problem.status)
  if (!form || typeof body !== 'object' || body === null) return sendFailure(reply, problem)
  const language = languageOf(form, headers['accept-language'])
  const words = wordsOf(language)
  const text = renderForm({
    form,
    language,
    // A repeat with the same key is the same submission.
    key: request.idempotencyKey || newIdempotencyKey(),
    answers: body as Record<string, unknown>,
    errors: problem.errors ?? {},
    notice: problem.status === 422 ? words.wrongAnswers : words.notStored,
  })
  return sendPage(reply, { form, text })
}

function sendFailure(reply: FastifyReply, { title, detail }: Problem): FastifyReply {
  const words = wordsOf('en')
  const body = html`<h1>${words.failed}</h1><p>${title}. ${detail}</p>`
  return sendPage(reply, { text: layout({ language: 'en', title: words.failed, body }) })
}
