// A stand-in for Google Sheets on one machine: serves Google's API to the real client, and pages to people.
import { EventEmitter } from 'node:events'
import type { FastifyError, FastifyInstance } from 'fastify'
import type * as z from 'zod'
import { createApp } from '#kit/http/create-app.ts'
import { crossSiteProblem } from '#kit/http/same-machine.ts'
import { GoogleError, invalid, toBody } from './api/google-error.ts'
import { addApi } from './api/routes.ts'
import { createFaults, type Faults } from './faults.ts'
import { addPages, isPage } from './pages/routes.ts'
import { openStore } from './store/open-store.ts'

const maxBody = 10 * 1024 * 1024

export type EmulatorOptions = {
  file: string
  quota?: boolean
  faults?: z.input<typeof Faults>
  /** The address that it listens on. */
  host?: string
}

export function buildEmulator({ file, quota = false, faults = {}, host }: EmulatorOptions) {
  const app = createApp({
    bodyLimit: maxBody,
    logger: { level: 'warn' },
    routerOptions: { maxParamLength: 2_000 },
  })
  const store = openStore(file)
  const changes = new EventEmitter().setMaxListeners(0)
  app.addHook('onClose', async () => store.close())
  takeJsonOnly(app)
  answerErrorsAsGoogle(app)
  refuseOtherSites(app, host)
  addApi(app, { store, faults: createFaults({ quota, ...faults }), changes })
  addPages(app, { store, changes })
  return app
}

/** Like Google, accepts a request without a body. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? {} : JSON.parse(String(text)))
    } catch (cause) {
      done(invalid(`Invalid JSON payload received. ${(cause as Error).message}`))
    }
  })
}

function answerErrorsAsGoogle(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const message = `The emulator has nothing at ${request.url}`
    return reply.code(404).send(toBody({ code: 404, message }))
  })
  app.setErrorHandler((error: FastifyError | GoogleError, request, reply) => {
    const known = toGoogleError(error)
    if (known.code === 500) request.log.error(error)
    return reply.code(known.code).send(toBody(known))
  })
}

function toGoogleError(error: FastifyError | GoogleError): GoogleError {
  if (error instanceof GoogleError) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return invalid(`Request payload size exceeds the limit: ${maxBody} bytes.`)
  }
  if (error.statusCode && error.statusCode < 500) return invalid(error.message)
  return new GoogleError(500, 'Internal error encountered.')
}

/** Callers need no credentials, so pages of other sites must not call. */
function refuseOtherSites(app: FastifyInstance, host: string | undefined): void {
  app.addHook('onRequest', async ({ raw }) => {
    const problem = crossSiteProblem(raw, { host, isPage })
    if (problem) throw new GoogleError(403, problem)
  })
}
