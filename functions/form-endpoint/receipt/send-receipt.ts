// The answers of the addresses of receipts: a receipt, or the 404 for everybody without its token.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemType } from '#kit/handle-delivery.ts'
import { html } from '#kit/html.ts'
import { preferredLanguage, wordsOf } from '../page/language.ts'
import { layout } from '../page/layout.ts'
import { sendPage } from '../page/send-page.ts'
import { notFound, problemBody } from '../problem.ts'
import { wantsPage } from '../request-headers.ts'

/** On top of the headers of every response. */
const headers = {
  'x-robots-tag': 'noindex',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** `text`: the page, or JSON, as the request wants it. */
export const sendReceipt = (
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
): FastifyReply =>
  wantsPage(request)
    ? sendPage(reply, { text, headers })
    : reply.headers(headers).type('application/json; charset=utf-8').send(text)

/** Not thrown: an error that is thrown and handled takes longer than a receipt, and would tell that its token is wrong. */
export function sendNotThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(404)
  if (!wantsPage(request)) return reply.headers(headers).type(problemType).send(problemText)
  const language = preferredLanguage(request)
  const text = pages.get(language) ?? makePage(language)
  return sendPage(reply, { text, headers })
}

const { problem } = notFound('Expected the address of a receipt, with its token')
const problemText = problemBody(problem)

/** By language. */
const pages = new Map<string, string>()

function makePage(language: string): string {
  const { failed } = wordsOf(language)
  const body = html`<h1>${failed}</h1>
<p>${problem.title}. ${problem.detail}</p>`
  const text = layout({ language, title: failed, body })
  pages.set(language, text)
  return text
}
