// Sends a mail to the person who submitted, to the owners of the form, or to both: each once, as far as SMTP allows.
import { submissionConfirmed, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import type { Effects, Outcome } from '#kit/effects/effects.ts'
import { ledger } from '#kit/effects/ledger.ts'
import { Config } from './config.ts'
import { type Submission, toOwners, toPerson } from './mail/letters.ts'
import type { MailClient, Result } from './open-mail.ts'
import { checkForm, Options, warnAbout } from './options.ts'
import { hashAddress } from './records/hash-address.ts'

export default defineTask({
  name: 'confirmation',
  on: submissionValidated,
  emits: [submissionConfirmed],
  // Nobody wants the confirmation of last week, for example from a replay of the log.
  maxAge: 86_400,
  // A mail that arrives twice does less harm than one that does not arrive, and both have the same Message-ID.
  effects: ledger({ unknown: 'repeat' }),
  options: Options,
  checkForm,
  warnForm: warnAbout,
  config: Config,
  // Imported here because other processes load this file only to check forms.
  connect: async (config, { log }) => {
    const { openMail } = await import('./open-mail.ts')
    return openMail(config, log)
  },
  async handle({ cause, event, form, options, clients, effects, log }) {
    const { answers } = event.data
    const submission = { form, id: cause.subject, time: cause.time, answers }
    const sending = [
      ...(options.to ? [toThePerson({ options, submission, clients, effects })] : []),
      ...(options.owners ? [toTheOwners({ options, submission, clients, effects })] : []),
    ]
    // One that fails does not hold up the other. Its mail is not repeated with the next delivery.
    const results = await Promise.allSettled(sending)
    return results.map((result) => {
      if (result.status === 'rejected') throw result.reason
      const { to, reason } = result.value
      // A receipt tells the person of a refused address. Nobody else would tell the owners.
      if (to === 'owners' && reason !== undefined) {
        log.warn({ form: form.id, event: cause.id, reason }, 'the mail server refused owners')
      }
      return submissionConfirmed(result.value)
    })
  },
})

interface Input {
  options: Options
  submission: Submission
  clients: MailClient
  effects: Effects
}

type Confirmed = Parameters<typeof submissionConfirmed>[0]

async function toThePerson({ options, submission, clients, effects }: Input): Promise<Confirmed> {
  const { form, id } = submission
  const to = addressIn(submission, options)
  if (to === undefined) return { to: 'person', state: 'no-address', unknown: 0 }
  const { replyTo, unsubscribe } = options
  const content = {
    ...toPerson(options, submission),
    ...(replyTo && { replyTo }),
    ...(unsubscribe && { unsubscribe }),
  }
  const outcome = await clients.inTurn(() =>
    effects.run('person', ({ signal }) =>
      clients.sendToPerson({ id, form: form.id, to, content, signal }),
    ),
  )
  return { to: 'person', ...confirmed(outcome) }
}

async function toTheOwners({ options, submission, clients, effects }: Input): Promise<Confirmed> {
  const { form, id } = submission
  const { owners = [] } = options
  const replyTo = addressIn(submission, options)
  const content = { ...toOwners(submission), ...(replyTo && { replyTo }) }
  // A mail and an effect for each: SMTP would send a mail to several without the one whose server wants it later.
  const sending = owners.map((to) =>
    clients.inTurn(() =>
      effects.run(`owner.${hashAddress(to)}`, ({ signal }) =>
        clients.sendToOwner({ id, form: form.id, to, content, signal }),
      ),
    ),
  )
  const all = (await Promise.allSettled(sending)).map((result) => {
    if (result.status === 'rejected') throw result.reason
    return confirmed(result.value)
  })
  return { to: 'owners', ...together(all) }
}

/** One event says what became of the mails to all owners. */
function together(all: Omit<Confirmed, 'to'>[]): Omit<Confirmed, 'to'> {
  const unknown = all.reduce((sum, one) => sum + one.unknown, 0)
  const refused = all.filter(({ state }) => state === 'bounced')
  const best = all.find(({ state }) => state === 'sent') ?? (all[0] as Omit<Confirmed, 'to'>)
  const reason = refused[0] && {
    reason: `${refused.length} of the addresses: ${refused[0].reason}`,
  }
  return { ...best, unknown, ...reason }
}

const confirmed = (outcome: Outcome<Result>): Omit<Confirmed, 'to'> =>
  outcome.state === 'unknown' ? outcome : { ...outcome.result, unknown: outcome.unknown }

/** The address of the person. An answer to another version of the form may be no address. */
function addressIn({ form, answers }: Submission, { to = '' }: Options): string | undefined {
  const checked = form.fields[to]?.check(answers[to])
  return checked?.ok && typeof checked.value === 'string' ? checked.value : undefined
}
