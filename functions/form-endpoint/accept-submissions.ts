// The routes that accept submissions: 202 once the submission is durable.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { Outage } from '#kit/outage.ts'
import { takeFormBody } from './body/form-body.ts'
import { takeJson } from './body/json-body.ts'
import { boundBody } from './bound-body.ts'
import { bodyLimit, checkBeforeBody } from './check-before-body.ts'
import type { FormLookup } from './form-lookup.ts'
import type { SubmissionMetrics } from './metrics.ts'
import { nextPage, withReceipt } from './next-page.ts'
import { expectedBody, malformed } from './problem.ts'
import { isProtected } from './protect/needs.ts'
import type { Protection } from './protect/protection.ts'
import { receiptAddress, receiptToken } from './receipt/link.ts'
import { idempotencyKeyOf, traceparentOf, wantsPage } from './request-headers.ts'
import type { Secrets } from './sign.ts'
import { newIdempotencyKey } from './submission-id.ts'
import { type Submitting, submit } from './submit.ts'

interface Accepting extends Submitting {
  lookup: FormLookup
  /** With which links to receipts are signed. */
  secrets: Secrets
  metrics: SubmissionMetrics
  protection: Protection
  /** Told of each stored submission. */
  outage: Outage
}

export function acceptSubmissions(
  app: FastifyInstance,
  { lookup, secrets, metrics, protection, outage, ...submitting }: Accepting,
): void {
  takeJson(app)
  takeFormBody(app)
  app.decorateRequest('idempotencyKey', '')
  app.decorateRequest('form', undefined)
  app.decorateRequest('maxBytes', bodyLimit)

  async function accept(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { body } = request
    const form = request.form as Form
    if (!isObject(body)) throw malformed(expectedBody)
    request.idempotencyKey = idempotencyKeyOf(request) ?? newIdempotencyKey()
    const next = wantsPage(request) ? nextPage(form, request) : undefined
    const sender = isProtected(form) ? await protection.enter(form, request) : undefined
    const { id, isStored } = await submit(submitting, {
      form,
      answers: body,
      key: request.idempotencyKey,
      time: new Date(),
      traceparent: traceparentOf(request),
      admit:
        sender &&
        ((checked, store) => protection.admit({ request, form, ...checked }, sender, store)),
    })
    metrics.count(form, isStored ? 202 : 'dropped')
    if (isStored) outage.worked()
    const token = receiptToken(secrets, id)
    if (next) return reply.redirect(withReceipt(next, form, { id, token }), 303)
    if (token) reply.header('location', receiptAddress(id, token))
    return reply.code(202).send({ id, status: 'accepted' })
  }

  const hooks = { onRequest: checkBeforeBody(lookup), preParsing: boundBody }
  app.post('/forms/:form', hooks, accept)
  // The second address of a form, its `path`, changes while the process runs: it is looked up for each request.
  app.post('/*', hooks, accept)
}

const isObject = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
