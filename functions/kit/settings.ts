// One schema for each environment variable that several processes read, with its description for the documentation.
import * as z from 'zod'

export const port = z.coerce.number('expected a port').int('expected a port').min(0).max(65_535)

export const HOST = z
  .string()
  .default('127.0.0.1')
  .describe('Where the endpoint listens; 0.0.0.0 in a container')

export const PORT = port.default(8080).describe('Port of the endpoint')

export const METRICS_PORT = port
  .optional()
  .describe('In a cluster: port for /metrics and /openapi.json, which PORT then does not serve')

// Knative sets it a moment after it has created a Service; until then the process runs but is not ready.
export const K_SINK = z
  .url({ protocol: /^http$/, error: 'expected the http URL of a KafkaSink' })
  .optional()
  .describe('URL that events are published to. `npm start` or, in a cluster, a SinkBinding sets it')

export const DATA_DIR = z
  .string()
  .default('./data')
  .describe(
    "All data of an instance: event log, waiting rows, effects of tasks, the emulator's sheets, the mailbox's mails. Only its owner can read it; one running instance for each folder",
  )

// In a cluster, network policies take its place.
export const INSTANCE_TOKEN = z
  .string()
  .min(32)
  .optional()
  .describe('Token for requests between the processes of one `npm start`, which sets it')

export const DOOR_SECRET = z
  .string()
  .min(32, 'expected at least 32 characters')
  .optional()
  .describe(
    'Secret of at least 32 characters with which the endpoint signs submissions, so that validation knows what it accepted. Not set: `npm start` makes one and keeps it in DATA_DIR. Instances that share a Kafka need the same',
  )

export const FORM_SECRET = z
  .string()
  .refine(
    (text) => text.split(',').every((secret) => secret.length >= 32),
    'expected secrets of at least 32 characters, separated by commas',
  )
  .transform((text) => text.split(','))
  .optional()
  .describe(
    'Secret of at least 32 characters with which the endpoint signs links to receipts and the pages of forms. Several, separated by commas: the first one signs, all are accepted. Not set: `npm start` makes one and keeps it in DATA_DIR; in a cluster there are no receipts then. Instances behind one address need the same',
  )

export const LIST_FORMS = z
  .enum(['true', 'false'], 'expected true or false')
  .default('false')
  .transform((text) => text === 'true')
  .describe(
    'true: the page /forms lists all forms. false: a form is only found by those who know its address',
  )

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const LOG_LEVEL = z
  .enum(levels, `expected one of ${levels.join(', ')}`)
  .default('info')
  .describe(
    'fatal, error, warn, info, debug, trace or silent. Readable lines on a terminal, else JSON; never contains answers',
  )
