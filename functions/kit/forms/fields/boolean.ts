// Yes or no. A browser sends nothing for a box that is not ticked: a required one must be answered.
import * as z from 'zod'
import { defineField } from '../field.ts'

const said = new Map<unknown, boolean>([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
])

export default defineField({
  options: z.strictObject({}),
  expected: () => 'true or false',
  schema: () => z.preprocess((value) => said.get(value) ?? value, z.boolean()),
  largest: () => 'false'.length,
  input: () => ({ tag: 'input', attributes: { type: 'checkbox', value: 'true' } }),
})
