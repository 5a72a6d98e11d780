// A text of a form file that people are shown.
import * as z from 'zod'
import { isBlank } from './visible-text.ts'

export const shownText = (max: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .min(1, { abort: true })
    .max(max)
    .refine((text) => !isBlank(text), 'text that can be seen')
