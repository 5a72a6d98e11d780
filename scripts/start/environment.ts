import * as z from 'zod'
import { DoorConfig } from '#kit/door-signature.ts'
import { formsConfig } from '#kit/forms/forms.ts'
import { LogLevel } from '#kit/logger.ts'
import { EmulatorConfig } from '../../local/sheets/config.ts'

const port = z.coerce.number('expected a port').int('expected a port').min(0).max(65535)

/** The environment of `npm start` and of the commands that talk to it. */
export const Environment = z.object({
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Where the endpoint listens; 0.0.0.0 in a container'),
  PORT: port.default(8080).describe('Port of the endpoint'),
  ...EmulatorConfig.shape,
  DATA_DIR: z
    .string()
    .default('./data')
    .describe(
      "All data of an instance: event log, waiting rows, the emulator's sheets. Only its owner can read it; one running instance for each folder",
    ),
  ...formsConfig,
  IDLE_SECONDS: z.coerce
    .number('expected seconds')
    .positive('expected seconds')
    .default(60)
    .describe("Seconds without an event after which a function's process is stopped"),
  KAFKA_PORT: port
    .default(9092)
    .describe('Port of the first broker of `npm run kafka`; the others use the next ports'),
  LOG_LEVEL: LogLevel,
  GOOGLE_APPLICATION_CREDENTIALS: z
    .string()
    .optional()
    .describe(
      "File with a Google service account's key. Set: Google Sheets. Not set: the emulator",
    ),
  SHEETS_ROOT_URL: z
    .string()
    .optional()
    .describe('Address of another Sheets API; no emulator is started then'),
  ...DoorConfig.shape,
})

export type Environment = z.infer<typeof Environment>
