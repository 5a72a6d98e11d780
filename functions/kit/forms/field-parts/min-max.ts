// The options `min` and `max`: their order, how messages say them, and their HTML attributes.
import type * as z from 'zod'

const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number

/** A check for a schema of options: reports `min` if it is above `max`. */
export function inOrder<Limit extends number | string>(context: {
  value: { min?: Limit | undefined; max?: Limit | undefined }
  issues: z.core.$ZodRawIssue[]
}): void {
  const { min, max } = context.value
  if (min === undefined || max === undefined || min <= max) return
  context.issues.push({
    code: 'custom',
    path: ['min'],
    message: `at most ${max} (its max)`,
    input: context.value,
  })
}

interface Range {
  min: number
  max: number
}

/** "a number from 0 to 10"; without limits, "a number". */
export function rangeText(what: string, { min, max }: Range): string {
  if (min > MIN_SAFE_INTEGER && max < MAX_SAFE_INTEGER) return `${what} from ${min} to ${max}`
  if (min > MIN_SAFE_INTEGER) return `${what} of at least ${min}`
  return max < MAX_SAFE_INTEGER ? `${what} of at most ${max}` : what
}

/** Attributes of an HTML input, without the default limits. */
export function rangeAttributes({ min, max }: Range): Record<string, number> {
  return { ...(min > MIN_SAFE_INTEGER && { min }), ...(max < MAX_SAFE_INTEGER && { max }) }
}
