// What operators read about protected forms that do not work as their files ask.
import type { Form } from '#kit/forms/form.ts'
import type { ApiKeys } from './keys/api-keys.ts'
import { isProtected, type Means, missingFor } from './needs.ts'

const maxNoted = 3

/** Empty without problems. */
export function notesOf(
  forms: Form[],
  means: Means,
  keys: ApiKeys | undefined,
): Record<string, string> {
  const problems = forms.filter(isProtected).flatMap((form) => {
    const problem = missingFor(form, means) ?? keyMissing(form, keys)
    return problem ? [`${form.id}: ${problem}`] : []
  })
  const more = problems.length > maxNoted ? `, and ${problems.length - maxNoted} more` : ''
  return {
    ...(problems.length > 0 && { protect: `${problems.slice(0, maxNoted).join('; ')}${more}` }),
    ...(keys?.problem !== undefined && { API_KEYS_FILE: keys.problem }),
  }
}

function keyMissing({ protect }: Form, keys: ApiKeys | undefined): string | undefined {
  const name = protect.keys?.find((one) => !keys?.hasKey(one))
  return name && `protect.keys: expected a key for ${name} in API_KEYS_FILE, found none`
}
