// The settings of the sheets task.
import * as z from 'zod'
import { DATA_DIR } from '#kit/settings.ts'
import { redisSettings } from './buffer/redis/settings.ts'

export const Config = z.object({
  DATA_DIR,
  /** Read by Google's library: the file with the key. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  SHEETS_ROOT_URL: z.url('expected a URL').optional(),
  /** Pause between two checks for rows to write, ms. */
  SHEETS_BATCH_MS: z.coerce.number('expected milliseconds').positive().default(1000),
  /** How long a row waits for rows that were submitted before it, ms. */
  SHEETS_WATERMARK_MS: z.coerce.number('expected milliseconds').nonnegative().default(2000),
  /** Time limit for one call, ms. A call that failed is tried again. */
  SHEETS_TIMEOUT_MS: z.coerce.number('expected milliseconds').positive().default(20_000),
  /** Limit for reads, and the same for writes. Google's quota for one user is 60 of each. */
  SHEETS_CALLS_PER_MINUTE: z.coerce.number('expected calls a minute').positive().default(60),
  /** A tab that would have more cells rotates. A spreadsheet may have 10 million in all its tabs. */
  SHEETS_TAB_CELLS: z.coerce
    .number('expected a number of cells')
    .int()
    .min(1000)
    .default(5_000_000),
  ...redisSettings,
})
export type Config = z.output<typeof Config>
