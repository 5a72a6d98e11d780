// The environment of `npm start` and of the commands that talk to it.
import * as z from 'zod'
import { formsConfig } from '#kit/forms/load-forms.ts'
import { DATA_DIR, DOOR_SECRET, HOST, LOG_LEVEL, PORT, port } from '#kit/settings.ts'
import { EmulatorConfig } from '../local/sheets/config.ts'

export const Environment = z.object({
  /** Where the endpoint listens, and nothing else; 0.0.0.0 in a container. */
  HOST,
  PORT,
  ...EmulatorConfig.shape,
  /** All that is kept: the log, the row ledger, the emulator's sheets. One running instance for each. */
  DATA_DIR,
  ...formsConfig,
  /** Seconds without an event after which a function's process is stopped. */
  IDLE_SECONDS: z.coerce.number('expected seconds').positive('expected seconds').default(60),
  /** Where the first broker of `npm run kafka` listens; the others follow. */
  KAFKA_PORT: port.default(9092),
  LOG_LEVEL,
  /** Set: real Google Sheets. Not set: the emulator. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  /** Set: Sheets is there, and no emulator runs here. */
  SHEETS_ROOT_URL: z.string().optional(),
  DOOR_SECRET,
})

export type Environment = z.infer<typeof Environment>
