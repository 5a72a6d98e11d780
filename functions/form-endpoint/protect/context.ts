import type { Logger } from 'pino'
import type { ProtectionMetrics } from './metrics.ts'
import type { Means } from './needs.ts'

/** What the parts of the protection work with. */
export interface Context extends Means {
  logger: Logger
  metrics: ProtectionMetrics
}
