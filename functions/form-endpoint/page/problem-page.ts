// What a person with a browser sees when a request fails: the form again with the answers, or why it cannot be shown.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from '#kit/html.ts'
import type { Problem } from '../problem.ts'
import { refusalText } from '../protect/refusal-text.ts'
import { newIdempotencyKey } from '../submission-id.ts'
import { languageOf, preferredLanguage, wordsOf } from './language.ts'
import { layout } from './layout.ts'
import { renderForm } from './render-form.ts'
import { sendPage } from './send-page.ts'
import type { Words } from './words/words.ts'

export async function sendProblemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): Promise<FastifyReply> {
  const { form, body } = request
  const language = form ? languageOf(form, request) : preferredLanguage(request)
  reply.code(problem.status)
  // The body was not read, or is none: 413, 415. The page before this one still has the answers.
  if (!form || typeof body !== 'object' || body === null) {
    return sendPage(reply, { ...(form && { form }), text: failurePage(request, problem, language) })
  }
  const text = await renderForm({
    form,
    language,
    // A repeat with the same key is the same submission.
    key: request.idempotencyKey || newIdempotencyKey(),
    answers: body as Record<string, unknown>,
    errors: problem.errors ?? {},
    notice: refusalText(problem, form, language) ?? noticeOf(problem, wordsOf(language)),
    protection: request.server.protection.partsOf({ form, language, body }),
  })
  return sendPage(reply, { form, text })
}

function noticeOf({ status, title, detail = '' }: Problem, words: Words): string {
  if (status === 422) return words.wrongAnswers
  if (status === 429) return words.tooMany
  return status >= 500 ? words.notStored : `${words.failed}. ${title}. ${detail}`
}

function failurePage({ method }: FastifyRequest, problem: Problem, language: string): string {
  const { failed, goBack, missing } = wordsOf(language)
  const { status, title, detail } = problem
  const body = html`<h1>${failed}</h1>
<p>${status === 404 ? missing : `${title}. ${detail}`}</p>
${method === 'POST' && html`<p>${goBack}</p>`}`
  return layout({ language, title: failed, body })
}
