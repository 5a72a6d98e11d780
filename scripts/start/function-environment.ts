// What `npm start` hands on to a function: what its config and the kit name. A default never wins over a setting.
import type * as z from 'zod'
import { ServiceConfig } from '#kit/listen.ts'
import { TaskConfig } from '#kit/open-task.ts'
import { childEnvironment, type Variables, variablesIn } from './child-environment.ts'

interface Handed {
  /** Of the task. */
  config: z.ZodType
  /** What `npm start` was started with. */
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

const ofTheKit = [...Object.keys(ServiceConfig.shape), ...Object.keys(TaskConfig.shape)]

export function functionEnvironment({ config, set, own, emulator }: Handed): Variables {
  const defaults: Variables = emulator ? { ...forEmulator, SHEETS_ROOT_URL: `${emulator}/` } : {}
  // A variable that is set to nothing counts as not set.
  const given = Object.entries(set).filter(([, value]) => value)
  const all = { ...defaults, ...Object.fromEntries(given), ...own }
  return childEnvironment(all, [...ofTheKit, ...variablesIn(config)])
}
