// The environment of a process that `npm start` runs: only the variables that it needs, so that it gets no secret of another one.
import * as z from 'zod'
import { ServiceConfig } from '#kit/listen.ts'
import { TaskConfig } from '#kit/open-task.ts'

export type Variables = Record<string, string | undefined>

/** Read by Node itself and by libraries: paths, locale, terminal, certificates, proxies. */
export const systemVariables = [
  ...['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE'],
  ...['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'],
  ...['NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NODE_USE_ENV_PROXY'],
  ...['NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
]

export function childEnvironment(environment: Variables, names: string[]): Variables {
  const needed = new Set([...systemVariables, ...names])
  const isNeeded = (name: string) => needed.has(name) || name.startsWith('LC_')
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isNeeded(name)))
}

/** The emulator has no quota to save, and somebody who tries it out should see a row at once. */
export const emulatorDefaults: Variables = {
  SHEETS_BATCH_MS: '20',
  SHEETS_WATERMARK_MS: '100',
  SHEETS_CALLS_PER_MINUTE: '100000',
}

/** The mailbox accepts any sender. */
export const mailboxDefaults: Variables = {
  SMTP_FROM: 'Formstream <formstream@localhost>',
}

interface FunctionSettings {
  /** The config schema of the task. */
  config: z.ZodType
  /** The environment of `npm start`. It wins over the defaults for the emulator. */
  environment: Variables
  /** Values that `npm start` decides. They win over its environment. */
  decided: Variables
  /** Address of the Sheets emulator; undefined if none runs. */
  emulator: string | undefined
  /** Address of the mailbox's SMTP server; undefined if none runs. */
  smtp: string | undefined
}

const kitVariables = [...Object.keys(ServiceConfig.shape), ...Object.keys(TaskConfig.shape)]

export function functionEnvironment(settings: FunctionSettings): Variables {
  const { config, environment, decided, emulator, smtp } = settings
  const defaults = {
    ...(emulator && { ...emulatorDefaults, SHEETS_ROOT_URL: `${emulator}/` }),
    ...(smtp && { ...mailboxDefaults, SMTP_URL: smtp }),
  }
  // As in readConfig, an empty variable counts as not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value))
  const names = [...kitVariables, ...Object.keys(variablesIn(config))]
  return childEnvironment({ ...defaults, ...set, ...decided }, names)
}

/** The variables in a schema of the environment, by name. */
export function variablesIn(config: z.ZodType): Record<string, JsonSchema> {
  return propertiesOf(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }))
}

type JsonSchema = z.core.JSONSchema.BaseSchema

/** Also of schemas that are unions or intersections of objects. */
function propertiesOf({ properties = {}, allOf = [], anyOf = [], oneOf = [] }: JsonSchema) {
  const parts = [...allOf, ...anyOf, ...oneOf] as JsonSchema[]
  const found: Record<string, JsonSchema> = { ...properties } as Record<string, JsonSchema>
  for (const part of parts) Object.assign(found, propertiesOf(part))
  return found
}
