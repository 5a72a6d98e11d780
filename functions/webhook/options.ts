// What a form may say about its webhooks.
import * as z from 'zod'
import type { Field } from '#kit/forms/field.ts'
import type { Mismatch } from '#kit/forms/task-rules.ts'
import { findTemplateFault } from '#kit/templates/find-fault.ts'
import { templateOption } from '#kit/templates/template-option.ts'
import { parseAddress, secretsInAddress } from './address.ts'
import { secretName } from './secrets.ts'

const maxTargets = 10
const maxTemplate = 20_000

const expectedSecret = 'expected the name of a secret: letters, digits, "-" and "_"'

const TargetOptions = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.-]{1,60}$/, 'expected at most 60 letters, digits, ".", "-" and "_"')
      .optional()
      .describe('Name in events, dead letters and metrics. Default: the host of the address'),
    url: z
      .string()
      .max(2000)
      .superRefine((text, { addIssue }) => {
        const address = parseAddress(text)
        if (typeof address === 'string') addIssue(address)
      })
      .describe(
        'Where submissions go: an https address. `{NAME}` in its path or query is replaced by the secret of that name',
      ),
    secret: z
      .string()
      .regex(secretName, expectedSecret)
      .optional()
      .describe(
        'Name of the secret that signs, in `WEBHOOK_SECRETS`. Only an address that contains a secret may go without',
      ),
    events: z
      .array(z.enum(['validated', 'refused']))
      .min(1)
      .default(['validated'])
      .describe('Which events are sent: `validated`, `refused`. Default: validated'),
    template: templateOption('json', maxTemplate)
      .optional()
      .describe('Liquid template of the body, which is JSON. Default: the CloudEvent'),
  })
  .superRefine(({ url, secret, events, template }, { addIssue }) => {
    if (secret === undefined && secretsInAddress(url).length === 0) {
      addIssue({ code: 'custom', path: ['secret'], message: expectedSecret })
    }
    // A refused submission has no answers that a template could use.
    if (template && events.some((event) => event !== 'validated')) {
      addIssue({ code: 'custom', path: ['events'], message: 'expected only validated' })
    }
  })
  .transform(({ name, ...target }) => {
    const address = parseAddress(target.url)
    return { ...target, name: name ?? (typeof address === 'string' ? '' : address.hostname) }
  })

export type Target = z.output<typeof TargetOptions>

export const Options = z
  .array(TargetOptions)
  .min(1)
  .max(maxTargets)
  .superRefine((targets, { addIssue }) => {
    const names = targets.map(({ name }) => name)
    const twice = names.findIndex((name, index) => names.indexOf(name) < index)
    if (twice < 0) return
    const message = `expected another name than "${names[twice]}", which an earlier target has`
    addIssue({ code: 'custom', path: [twice], message })
  })
  .describe('Sends each submission to other systems by HTTP, each time signed')
export type Options = z.output<typeof Options>

export function checkForm(targets: Options, fields: Field[]): Mismatch | undefined {
  for (const [index, { template }] of targets.entries()) {
    const fault = template && findTemplateFault(template, fields)
    if (fault) return { path: [index, 'template'], ...fault }
  }
  return undefined
}
