// The secrets of webhooks by name: keys that sign messages, and parts of addresses that are secret.

/** A name may have several values: all its keys sign. In addresses stands the first value that is not a key. */
export type Secrets = ReadonlyMap<string, readonly string[]>

export const secretName = /^[A-Za-z\d][A-Za-z\d_-]{0,39}$/

const prefix = 'whsec_'
/** With the right padding or none: the library that signs accepts no other. */
const base64Text = /^([A-Za-z\d+/]{4})+([A-Za-z\d+/]{2}(==)?|[A-Za-z\d+/]{3}=?)?$/
/** As Standard Webhooks asks for. */
const keyBytes = { min: 24, max: 64 }

/** `name=value,name=value`. Returns what is wrong, without a value, if the text is not that. */
export function parseSecrets(text: string): Secrets | string {
  const secrets = new Map<string, string[]>()
  for (const entry of text.split(',').map((one) => one.trim())) {
    const [, name = '', value = ''] = /^([^=]*)=(.+)$/.exec(entry) ?? []
    if (!secretName.test(name)) return 'expected name=value, separated by commas'
    if (value.startsWith(prefix) && !isKey(value)) {
      return `expected "${name}" to be whsec_ and ${keyBytes.min} to ${keyBytes.max} bytes in base64`
    }
    secrets.set(name, [...(secrets.get(name) ?? []), value])
  }
  return secrets
}

/** What stands for the name in addresses. Never a key: whoever writes forms could send it to a server of their own. */
export const addressPart = (secrets: Secrets, name: string): string | undefined =>
  secrets.get(name)?.find((value) => !value.startsWith(prefix))

/** The keys of that name; undefined if there are none. */
export function keysOf(secrets: Secrets, name: string): string[] | undefined {
  const keys = secrets.get(name)?.filter(isKey)
  return keys && keys.length > 0 ? keys : undefined
}

function isKey(value: string): boolean {
  const base64 = value.slice(prefix.length)
  if (!value.startsWith(prefix) || !base64Text.test(base64)) return false
  const { length } = Buffer.from(base64, 'base64')
  return length >= keyBytes.min && length <= keyBytes.max
}
