// The environment of `npm start` and of the commands that talk to it.
import * as z from 'zod'
import { DoorConfig } from '#kit/door-signature.ts'
import { formsConfig } from '#kit/forms/forms.ts'
import { LogLevel } from '#kit/logger.ts'
import { EmulatorConfig } from '../../local/sheets/config.ts'

const port = z.coerce.number('expected a port').int('expected a port').min(0).max(65535)

export const Environment = z.object({
  /** Where the endpoint listens, and nothing else; 0.0.0.0 in a container. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  ...EmulatorConfig.shape,
  /** All that is kept: the log, the row ledger, the emulator's sheets. One running instance for each. */
  DATA_DIR: z.string().default('./data'),
  ...formsConfig,
  /** Seconds without an event after which a function's process is stopped. */
  IDLE_SECONDS: z.coerce.number('expected seconds').positive('expected seconds').default(60),
  /** Where the first broker of `npm run kafka` listens; the others follow. */
  KAFKA_PORT: port.default(9092),
  LOG_LEVEL: LogLevel,
  /** Set: real Google Sheets. Not set: the emulator. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  /** Set: Sheets is there, and no emulator runs here. */
  SHEETS_ROOT_URL: z.string().optional(),
  ...DoorConfig.shape,
})

export type Environment = z.infer<typeof Environment>
