// Lets scripts on pages of other sites read and send a form, if the form allows their origin. https://fetch.spec.whatwg.org/#http-cors-protocol
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type FormLookup, formMethods } from '../form-lookup.ts'

/** Seconds for which a browser may remember the answer to a preflight. Chromium keeps none for longer. */
const preflightSeconds = 7_200

type Done = (error: Error | null, options: FastifyCorsOptions) => void

export function serveCors(app: FastifyInstance, { formOf }: Pick<FormLookup, 'formOf'>): void {
  const delegator = (request: FastifyRequest, done: Done): void => {
    const origins = needsCors(request) ? formOf(request)?.origins : undefined
    done(null, origins?.length ? corsOf(origins) : { origin: false })
  }
  app.register(cors, { delegator })
}

/** A preflight is an OPTIONS request; any other request needs headers only if it has an Origin. */
const needsCors = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' || headers.origin !== undefined

const corsOf = (origins: string[]): FastifyCorsOptions => ({
  origin: origins,
  methods: formMethods,
  allowedHeaders: ['Content-Type', 'Idempotency-Key'],
  exposedHeaders: ['Location', 'Retry-After', 'Idempotency-Key'],
  maxAge: preflightSeconds,
  // An OPTIONS request that is no preflight is answered in the same way.
  strictPreflight: false,
})
