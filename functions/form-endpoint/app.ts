// Builds the HTTP application of the form endpoint.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Log } from '#kafka/log/port.ts'
import type { Forms } from '#kit/forms/load-forms.ts'
import { watchMethods } from '#kit/http/allowed-methods.ts'
import { createApp, type Timeouts } from '#kit/http/create-app.ts'
import { refuseAmbiguous } from '#kit/http/refuse-ambiguous.ts'
import { countWrongForms } from '#kit/metrics/forms.ts'
import { processRegistry } from '#kit/metrics/process.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import type { StatusReader } from '#kit/status/port.ts'
import { acceptSubmissions } from './accept-submissions.ts'
import { answerBadAddress, answerErrors } from './answer-errors.ts'
import { bodyLimit } from './check-before-body.ts'
import { limitConnections } from './connection-limits.ts'
import { serveEmbedding } from './embed/serve-embedding.ts'
import { formLookup } from './form-lookup.ts'
import { serveHealth } from './health.ts'
import { submissionMetrics } from './metrics.ts'
import { serveDescriptions } from './openapi-pages.ts'
import { serveCors } from './origins/serve-cors.ts'
import { listForms } from './page/list-forms.ts'
import { sendForm, servePages } from './page/serve-pages.ts'
import { protectionMetrics } from './protect/metrics.ts'
import { Protection } from './protect/protection.ts'
import { ProtectSettings, type TrustedProxies } from './protect/settings.ts'
import { serveReceipts } from './receipt/serve-receipts.ts'
import type { Secrets } from './sign.ts'
import { spoolMetrics } from './spool/metrics.ts'
import type { EndpointLog } from './spool/open-with-spool.ts'

export interface AppOptions {
  forms: Pick<Forms, 'get' | 'byPath' | 'all' | 'problems' | 'wrong'>
  log: Log
  /** If the log has one: for readiness and metrics. */
  spool?: EndpointLog['spool']
  /** The secret with which submissions are signed, see door-signature.ts; undefined: they are not signed. */
  secret?: string | undefined
  /** Whether GET /forms lists the forms. */
  listForms?: boolean
  /** The secrets with which receipts and pages are signed, see sign.ts. Default: none, so nothing is signed. */
  secrets?: Secrets
  /** What became of submissions, for receipts. Default: not known. */
  status?: StatusReader | undefined
  /** Default: no settings, and no folder, so that forms that need them are refused. */
  protect?: { settings: ProtectSettings; dataDir?: string | undefined }
  logger: Logger
  /** Metrics of other parts of this process, also served at /metrics. */
  otherMetrics?: () => Promise<Registry>
  /** Serves /metrics and /openapi.json in place of this application. */
  operators?: FastifyInstance | undefined
  /** Reasons why tasks of this process receive no events, by task. */
  problems?: () => Record<string, string>
  /** Notes of this process's tasks for operators, by subject. */
  notes?: () => Record<string, string>
  /** Override single default time limits. */
  timeouts?: Partial<Timeouts>
}

export function buildApp({
  forms,
  log,
  spool,
  secret,
  secrets = [],
  status,
  protect = { settings: ProtectSettings.parse({}) },
  logger,
  problems = () => ({}),
  notes = () => ({}),
  ...options
}: AppOptions): FastifyInstance {
  const app = createEndpointApp(protect.settings.TRUST_PROXY ?? false, options.timeouts)
  const lookup = formLookup(forms, watchMethods(app))
  const registry = processRegistry()
  const metrics = submissionMetrics(registry)
  countWrongForms(registry, forms)
  if (spool) spoolMetrics(registry, spool)
  const outage = answerErrors(app, { metrics, logger })

  serveCors(app, lookup)
  const { appendTime } = metrics
  const protection = new Protection({
    ...{ ...protect, dataDir: protect.dataDir, secrets, logger, appendTime },
    metrics: protectionMetrics(registry),
  })
  app.decorate('protection', protection)
  app.addHook('onReady', () => protection.start(forms.all()))
  app.addHook('onClose', () => protection.close())
  const submitting = { log: metrics.timed(log), secret }
  acceptSubmissions(app, { lookup, ...submitting, secrets, metrics, protection, outage })
  const operators = options.operators ?? app
  serveEmbedding(app)
  servePages(app, lookup)
  if (options.listForms) listForms(app, () => forms.all())
  serveReceipts(app, { secrets, status, forms })
  serveDescriptions(app, { operators, lookup, allForms: () => forms.all() })
  serveHealth(app, {
    ...{ forms, log, spool, problems },
    notes: () => ({ ...protection.notes(forms.all()), ...notes() }),
  })
  serveMetrics(operators, () => registry, ...(options.otherMetrics ? [options.otherMetrics] : []))

  async function refuse(request: FastifyRequest): Promise<never> {
    throw lookup.noRoute(request)
  }
  // The second address of a form changes while the process runs, so it has no route.
  app.setNotFoundHandler((request, reply) => {
    const form = isRead(request) ? lookup.formOf(request) : undefined
    return form ? sendForm(form, request, reply) : refuse(request)
  })
  // Before the body is read: fastify would call a QUERY without a body malformed.
  app.route({ method: 'QUERY', url: '/*', onRequest: refuse, handler: refuse })

  return app
}

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'

function createEndpointApp(
  trustProxy: TrustedProxies | false,
  timeouts?: Partial<Timeouts>,
): FastifyInstance {
  const app = createApp({
    trustProxy,
    timeouts: { connectionTimeout: 120_000, ...timeouts },
    frameworkErrors: answerBadAddress,
    bodyLimit,
    // Submissions on open connections are still accepted while the server drains.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })
  // A client that closes its sending side still gets its response.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  limitConnections(app)
  app.addHook('onRequest', refuseAmbiguous)
  return app
}
