// Makes an API key, which is shown once: only its hash is kept.
import { hashOf, newKey } from '../../functions/form-endpoint/protect/keys/keys-file.ts'

/** What `npm run new key` prints. */
export function keyFor(name: string): string {
  const key = newKey()
  return `The key, which is not shown again: ${key}

For the file of API_KEYS_FILE, which takes two keys for a name while one replaces the other:

${name}:
  - ${hashOf(key).toString('hex')}

The forms that it may submit have: protect: { keys: [${name}] }`
}
