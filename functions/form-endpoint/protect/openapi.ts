// What the OpenAPI description says about submissions to a protected form.
import type { Form } from '#kit/forms/form.ts'
import { problem } from '../openapi-parts.ts'

/** Answers that only protected forms give, by status. 403 comes from any form. */
export function protectedResponses({ protect }: Form): Record<string, object> {
  const { perAddress, perEmail, perForm, keys } = protect
  return {
    ...(keys && { 401: problem('Unauthorized') }),
    ...((perAddress || perEmail || perForm) && { 429: problem('TooMany') }),
  }
}

/** An API key is needed, or can take the place of a captcha. */
export const protectedSecurity = ({ protect }: Form): object =>
  protect.keys ? { security: [{ apiKey: [] }, ...(protect.captcha ? [{}] : [])] } : {}

export const securitySchemes = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key for the form' },
}
