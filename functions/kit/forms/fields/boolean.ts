// Yes or no. A browser sends nothing for a box that is not ticked, so a required one must be ticked or answered in JSON.
import * as z from 'zod'
import { defineField } from '../field-type.ts'

const booleans = new Map<unknown, boolean>([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
])

export default defineField({
  options: z
    .strictObject({
      mustBe: z
        .literal(true)
        .optional()
        .describe('The box must be ticked, as for terms that must be agreed to'),
    })
    .describe('A box to tick, stored as true or false'),
  expected: ({ mustBe }) => (mustBe ? 'the box to be ticked: true' : 'true or false'),
  schema: ({ mustBe }) =>
    z.preprocess((value) => booleans.get(value) ?? value, mustBe ? z.literal(true) : z.boolean()),
  input: ({ mustBe }) => ({
    tag: 'input',
    attributes: { type: 'checkbox', value: 'true', ...(mustBe && { required: true }) },
  }),
  maxBytes: () => 'false'.length,
  maxLength: () => 'false'.length,
})
