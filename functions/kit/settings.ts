// One schema for each environment variable that several processes read.
import * as z from 'zod'

export const port = z.coerce.number('expected a port').int('expected a port').min(0).max(65_535)

/** Address to listen on; 0.0.0.0 in a container. */
export const HOST = z.string().default('127.0.0.1')

export const PORT = port.default(8080)

/** If set, /metrics is served on this port and not on PORT, which people may reach. */
export const METRICS_PORT = port.optional()

/** URL to publish to. Knative sets it a moment after it has created a Service; until then the process runs but is not ready. */
export const K_SINK = z
  .url({ protocol: /^http$/, error: 'expected the http URL of a KafkaSink' })
  .optional()

/** Where local state is kept: the log, buffered rows, the emulator's sheets. */
export const DATA_DIR = z.string().default('./data')

/** Callers of a function on this machine send it. `npm start` sets it; in a cluster, network policies take its place. */
export const INSTANCE_TOKEN = z.string().min(32).optional()

/** Signs what the endpoint accepted: see door-signature.ts. */
export const DOOR_SECRET = z.string().min(32, 'expected at least 32 characters').optional()

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const LOG_LEVEL = z.enum(levels, `expected one of ${levels.join(', ')}`).default('info')
