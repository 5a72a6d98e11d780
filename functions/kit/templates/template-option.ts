// The schema of an option whose text is a template: it is compiled when the form loads.
import * as z from 'zod'
import { compileTemplate, type Template, TemplateError } from './compile-template.ts'
import type { KindName } from './output-kinds.ts'

/** Checks syntax, tags and filters. `findTemplateFault` checks the fields. */
export const templateOption = (kind: KindName, max: number): z.ZodType<Template, string> =>
  z
    .string()
    .min(1)
    .max(max, { abort: true })
    .transform((source, { issues }) => {
      try {
        return compileTemplate(source, kind)
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        const { expected, found, row } = error.fault
        const params = { found, row }
        issues.push({ code: 'custom', message: expected, input: source, params })
        return z.NEVER
      }
    })
