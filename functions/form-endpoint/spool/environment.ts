import * as z from 'zod'

/** The settings of the endpoint's spool. */
export const SpoolEnvironment = z.object({
  SPOOL_DIR: z
    .string()
    .optional()
    .describe(
      'Folder in which the endpoint keeps submissions while Kafka is away, for one process at a time ([spool.md](spool.md)). Not set: they are answered with 503',
    ),
  // A submission takes about 0.9 KB there: this holds an hour of 300 a second, and fits the smallest volumes that are sold.
  SPOOL_MAX_BYTES: z.coerce
    .number('expected bytes')
    .int('expected bytes')
    .min(2 ** 20, 'expected at least 1048576')
    .default(2 ** 30)
    .describe('Limit of the file in SPOOL_DIR. Beyond it submissions are answered with 503'),
})
