// What a form's file says besides its fields and tasks.
import * as z from 'zod'
import { visibleText } from '../field-parts/visible-text.ts'
import { Origins } from '../sections/origins.ts'
import { Page } from '../sections/page.ts'
import { Protect } from '../sections/protect.ts'
import { Receipt } from '../sections/receipt.ts'

/** First parts of the addresses that the endpoint has itself. */
const reservedPaths = [
  ...['forms', 'health', 'metrics', 'openapi.json', 'schemas'],
  ...['submissions', 'embed.js', 'page.js', 'receipt.js'],
]

const FormPath = z
  .string()
  .max(200)
  .regex(/^\/([\w~-][\w.~-]*\/)+$/, {
    error: 'a path of letters, digits, - and _ with a slash at both ends',
    abort: true,
  })
  .refine(
    (path) => !reservedPaths.includes(path.split('/')[1]!.toLowerCase()),
    'a path that is not reserved',
  )
  .meta({ examples: ['/feedback/'] })

export const FormHead = z.strictObject({
  title: visibleText(200).describe('Heading of the page'),
  path: FormPath.optional().describe('A second address, with a slash at both ends'),
  page: Page.prefault({}).describe('Texts of the page, and where it leads'),
  origins: Origins.default([]).describe(
    'Other sites whose pages may send and show the form, or `*` for all',
  ),
  protect: Protect.prefault({}).describe('Limits and checks against abuse'),
  receipt: Receipt.prefault({}).describe('The page on which people follow their submission'),
  fields: z.unknown().optional().describe('What people are asked, by field name'),
  tasks: z.unknown().optional().describe('The tasks that run for each submission, by task name'),
  // Not checked here: only `npm run forms -- check` reads them, and a wrong test must not keep a form from being served.
  tests: z
    .unknown()
    .optional()
    .describe('Answers that the form must accept or refuse: `npm run forms -- check` tries them'),
})
