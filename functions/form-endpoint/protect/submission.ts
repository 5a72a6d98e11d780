import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { Checked } from '../submit.ts'

/** A submission whose answers fit the form. */
export interface Submission extends Checked {
  request: FastifyRequest
  form: Form
}

/** A sender that has passed the first checks. */
export interface Sender {
  /** It has an API key of the form. */
  hasKey: boolean
  /** It did what only bots do. */
  isBot: boolean
}
