// The problems with which protected forms refuse submissions.
import type { Moment, Protect } from '#kit/forms/sections/protect.ts'
import { type Problem, ProblemError } from '../problem.ts'
import type { Reason } from './reason.ts'

type Refusal = Omit<Problem, 'reason'> & { reason: Reason }

const refusal = (problem: Refusal, headers?: Record<string, string>): ProblemError =>
  new ProblemError(problem, headers)

const forbidden = (reason: Reason, title: string, detail: string): ProblemError =>
  refusal({ status: 403, reason, title, detail })

export const notOpen = ({ at }: Moment): ProblemError =>
  forbidden('not-open', 'The form is not open yet', `It opens at ${toText(at)}`)

export const closed = ({ at }: Moment): ProblemError =>
  forbidden('closed', 'The form is closed', `It was open until ${toText(at)}`)

export const full = (limit: number): ProblemError =>
  forbidden('full', 'The form takes no more submissions', `It had as many as it takes: ${limit}`)

export const captchaNeeded = (field: string): ProblemError =>
  forbidden(
    'captcha',
    'The captcha is not solved',
    `Expected ${field} with the answer to a new captcha: each can be used once`,
  )

export const stampNeeded = ({ minSeconds }: Protect): ProblemError =>
  forbidden(
    'stamp',
    'The submission does not come from the page of the form',
    `Expected _stamp as the page has it, at least ${minSeconds} seconds after the page was made`,
  )

export const keyNeeded = (sent: boolean): ProblemError =>
  refusal(
    {
      status: 401,
      reason: 'key',
      title: 'A key is needed',
      detail: 'Expected the header Authorization: Bearer with an API key for this form',
    },
    // https://www.rfc-editor.org/rfc/rfc6750#section-3
    { 'www-authenticate': `Bearer realm="form"${sent ? ', error="invalid_token"' : ''}` },
  )

export const tooMany = (seconds: number): ProblemError =>
  refusal(
    {
      status: 429,
      reason: 'too-many',
      title: 'Too many submissions',
      detail: `Expected the next one in ${seconds} seconds`,
    },
    { 'retry-after': String(seconds) },
  )

export const captchaUnreachable = (): ProblemError =>
  refusal({
    status: 503,
    reason: 'captcha-unreachable',
    title: 'The captcha cannot be checked right now',
    detail: 'Its provider does not answer: nothing was stored',
  })

export const notPrepared = (): ProblemError =>
  new ProblemError({
    status: 503,
    title: 'The form cannot be used right now',
    detail: 'A setting that its protection needs is missing here: nothing was stored',
  })

export const uncounted = (): ProblemError =>
  new ProblemError({
    status: 503,
    title: 'The submission cannot be counted right now',
    detail: 'The form takes a limited number: nothing was stored',
  })

const toText = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
