import * as z from 'zod'
import { DATA_DIR, HOST, port } from '#kit/settings.ts'

export const EmulatorConfig = z.object({
  // Separate from HOST: opening the endpoint to other machines must not open the sheets.
  SHEETS_EMULATOR_HOST: HOST.describe(
    'Where the Sheets emulator listens. It has no password: whoever reaches it can read and change all sheets',
  ),
  SHEETS_EMULATOR_PORT: port.default(8081).describe('Port of the Sheets emulator'),
  DATA_DIR,
  SHEETS_EMULATOR_QUOTA: z
    .enum(['on', 'off'])
    .default('off')
    .describe("on: the emulator limits calls as Google's quota does"),
})
