// The options `min` and `max`, in order.
import type * as z from 'zod'

/** For a schema of options: reports `min` where it is above `max`. */
export function inOrder<Limit extends number | string>(context: {
  value: { min?: Limit | undefined; max?: Limit | undefined }
  issues: z.core.$ZodRawIssue[]
}): void {
  const { min, max } = context.value
  if (min === undefined || max === undefined || min <= max) return
  context.issues.push({
    code: 'custom',
    path: ['min'],
    message: `at most ${max}, as max is`,
    input: context.value,
  })
}
