// `tests` in a form's file: answers, and what the form makes of them. Only `npm run forms -- check` reads them.
import * as z from 'zod'
import { visibleText } from '#kit/forms/field-parts/visible-text.ts'

export const FormTest = z
  .strictObject({
    name: visibleText(200).optional().describe('What the test shows, for its messages'),
    answers: z
      .record(z.string(), z.unknown())
      .describe('What a page or a program sends, by field name'),
    // `accepted:` without anything behind it is a mapping without keys.
    accepted: z
      .record(z.string(), z.unknown())
      .nullable()
      .optional()
      .describe(
        'The form accepts the answers. Values as tasks get them, by field name, `null` for none; fields that are not named may have any value',
      ),
    refused: z
      .union([
        z
          .array(z.string())
          .min(1)
          .meta({ examples: [['email']] }),
        z.record(z.string(), z.string().nullable()),
      ])
      .optional()
      .describe(
        'The form refuses exactly these fields. As a mapping: with messages that contain this text, `null` for any',
      ),
  })
  .refine(
    ({ accepted, refused }) => (accepted === undefined) !== (refused === undefined),
    'either accepted or refused, one of the two',
  )

export type FormTest = z.infer<typeof FormTest>

export const FormTests = z.array(FormTest)
