// What the Sheets emulator takes from the environment.
import * as z from 'zod'

export const EmulatorConfig = z.object({
  /** Its own: where the endpoint listens is no reason to let others see the sheets. */
  SHEETS_EMULATOR_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Where the Sheets emulator listens. It has no password: whoever reaches it can read and change all sheets',
    ),
  SHEETS_EMULATOR_PORT: z.coerce
    .number('expected a port')
    .int()
    .min(0)
    .max(65_535)
    .default(8081)
    .describe('Port of the Sheets emulator'),
  DATA_DIR: z.string().default('./data'),
  SHEETS_EMULATOR_QUOTA: z
    .enum(['on', 'off'])
    .default('off')
    .describe("on: the emulator limits calls as Google's quota does"),
})
