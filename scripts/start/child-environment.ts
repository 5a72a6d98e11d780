// The environment of a process that `npm start` runs: the variables that it needs, and not all that this one was started with.
import * as z from 'zod'

export type Variables = Record<string, string | undefined>

/** What Node reads, and what says where people, certificates and proxies are. */
const system = [
  ...['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE'],
  ...['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'],
  ...['NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NODE_USE_ENV_PROXY'],
  ...['NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
]

export function childEnvironment(set: Variables, names: string[]): Variables {
  const needed = new Set([...system, ...names])
  const isNeeded = (name: string) => needed.has(name) || name.startsWith('LC_')
  return Object.fromEntries(Object.entries(set).filter(([name]) => isNeeded(name)))
}

/** The variables that a schema of the environment names, whatever it is made of. */
export function variablesIn(config: z.ZodType): string[] {
  return namesIn(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }))
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function namesIn({ properties = {}, allOf = [], anyOf = [], oneOf = [] }: JsonSchema): string[] {
  const parts = [...allOf, ...anyOf, ...oneOf] as JsonSchema[]
  return [...Object.keys(properties), ...parts.flatMap(namesIn)]
}
