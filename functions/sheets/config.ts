// The settings of the sheets task.
import * as z from 'zod'
import { redisSettings } from '#kit/redis/settings.ts'
import { DATA_DIR } from '#kit/settings.ts'

export const Config = z.object({
  DATA_DIR,
  /** Read by Google's library: the file with the key. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  SHEETS_ROOT_URL: z.url('expected a URL').optional(),
  SHEETS_BATCH_MS: z.coerce
    .number('expected milliseconds')
    .positive()
    .default(1000)
    .describe('Time between two flushes of waiting rows, ms'),
  SHEETS_WATERMARK_MS: z.coerce
    .number('expected milliseconds')
    .nonnegative()
    .default(2000)
    .describe('How long a row waits for rows that were submitted before it, ms'),
  SHEETS_TIMEOUT_MS: z.coerce
    .number('expected milliseconds')
    .positive()
    .default(20_000)
    .describe('A call that takes longer counts as failed and is retried, ms'),
  SHEETS_CALLS_PER_MINUTE: z.coerce
    .number('expected calls a minute')
    .positive()
    .default(60)
    .describe(
      'Reads a minute, and the same number of writes. Google allows a user 60 of each, a project 300',
    ),
  SHEETS_TAB_CELLS: z.coerce
    .number('expected a number of cells')
    .int()
    .min(1000)
    .default(5_000_000)
    .describe(
      'Rows go to a new tab before a tab has more cells. A spreadsheet can have 10 million in all tabs',
    ),
  ...redisSettings,
})
export type Config = z.output<typeof Config>
