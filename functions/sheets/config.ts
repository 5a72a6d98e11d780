// What the sheets task takes from the environment.
import * as z from 'zod'
import { DATA_DIR } from '#kit/settings.ts'
import { redisSettings } from './buffer/redis/settings.ts'

const perMinute = z.coerce.number('expected calls a minute').positive()

export const Config = z.object({
  DATA_DIR,
  /** Read by Google's library: the file with the key. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  SHEETS_ROOT_URL: z.url('expected a URL').optional(),
  /** Milliseconds between two looks for rows to write. */
  SHEETS_BATCH_MS: z.coerce.number('expected milliseconds').positive().default(1000),
  /** Milliseconds that a row waits for others that were submitted before it. */
  SHEETS_WATERMARK_MS: z.coerce.number('expected milliseconds').nonnegative().default(2000),
  /** Milliseconds until a call counts as failed and is tried again. */
  SHEETS_TIMEOUT_MS: z.coerce.number('expected milliseconds').positive().default(20_000),
  /** Reads, and as many writes. Google's quota for one user is 60 of each. */
  SHEETS_CALLS_PER_MINUTE: perMinute.default(60),
  /** Rows go to a new tab before one has more cells. A spreadsheet may have 10 million in all its tabs. */
  SHEETS_TAB_CELLS: z.coerce
    .number('expected a number of cells')
    .int()
    .min(1000)
    .default(5_000_000),
  ...redisSettings,
})
export type Config = z.output<typeof Config>
