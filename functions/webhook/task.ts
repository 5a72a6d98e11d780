// Sends each submission to the targets of its form by HTTP: each target gets it once, as far as HTTP allows.
import { submissionForwarded, submissionRefused, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { ledger } from '#kit/effects/ledger.ts'
import { Config } from './config.ts'
import { checkForm, Options } from './options.ts'

export default defineTask({
  name: 'webhook',
  on: [submissionValidated, submissionRefused],
  emits: [submissionForwarded],
  // As long as what was forwarded is known (kafka/events.ts). Dead letters can be replayed until then.
  maxAge: 30 * 86_400,
  // A target recognises a repeat by its `webhook-id`.
  effects: ledger({ unknown: 'repeat' }),
  options: Options,
  checkForm,
  config: Config,
  // Imported here because other processes load this file only to check forms.
  connect: async (config, { emit, formOf }) => {
    const { openWebhooks } = await import('./open-webhooks.ts')
    return openWebhooks(config, { emit, formOf })
  },
  async handle({ event, cause, form, options, clients, effects }) {
    const fact = event.type === submissionValidated.type ? 'validated' : 'refused'
    const targets = options.filter(({ events }) => events.includes(fact))
    // Published there, as a target that was reached must not wait for those that fail.
    await clients.forward({ event, cause, form, targets, effects })
    return []
  },
})
