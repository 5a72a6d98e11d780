import * as z from 'zod'
import { DATA_DIR, port } from '#kit/settings.ts'

export const EmulatorConfig = z.object({
  /** Separate from HOST: opening the endpoint to other machines must not open the sheets. */
  SHEETS_EMULATOR_HOST: z.string().default('127.0.0.1'),
  SHEETS_EMULATOR_PORT: port.default(8081),
  DATA_DIR,
  SHEETS_EMULATOR_QUOTA: z.enum(['on', 'off']).default('off'),
})
