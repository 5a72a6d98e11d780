// `receipt` in a form's file: what the page of a submission shows.
import * as z from 'zod'

export const Receipt = z.strictObject({
  answers: z.boolean().default(false).describe('Shows the answers to whoever has the address'),
})

export type Receipt = z.infer<typeof Receipt>
