// What `npm start` hands on to its functions, beside what it was itself started with. A default never wins over a setting.

type Variables = Record<string, string | undefined>

interface Handed {
  /** What `npm start` was started with: functions inherit it. */
  set: Variables
  /** What follows from it. */
  own: Variables
  /** Where the emulator of Sheets is, if it runs. */
  emulator: string | undefined
}

/** It has no quota to save, and whoever tries it out wants to see a row at once. */
const forEmulator = {
  SHEETS_BATCH_MS: '20',
  SHEETS_WATERMARK_MS: '100',
  SHEETS_CALLS_PER_MINUTE: '100000',
}

export function functionEnvironment({ set, own, emulator }: Handed): Variables {
  const defaults: Variables = emulator ? { ...forEmulator, SHEETS_ROOT_URL: `${emulator}/` } : {}
  // A variable that is set to nothing counts as not set.
  const missing = Object.entries(defaults).filter(([name]) => !set[name])
  return { ...Object.fromEntries(missing), ...own }
}
