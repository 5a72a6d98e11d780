import * as z from 'zod'

export const EmulatorConfig = z.object({
  /** Separate from HOST: opening the endpoint to other machines must not open the sheets. */
  SHEETS_EMULATOR_HOST: z.string().default('127.0.0.1'),
  SHEETS_EMULATOR_PORT: z.coerce.number('expected a port').int().min(0).max(65_535).default(8081),
  DATA_DIR: z.string().default('./data'),
  SHEETS_EMULATOR_QUOTA: z.enum(['on', 'off']).default('off'),
})
