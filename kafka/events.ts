// All topics and events through which the functions communicate. `docs/asyncapi.yaml` is generated from this file.
import * as z from 'zod'
import { defineEvent, defineTopic } from './define-event.ts'

const MiB = 2 ** 20

export const submitted = defineTopic({
  name: 'forms.submitted',
  partitions: 6,
  // A submission is one event here, and its repeats are equal.
  order: 'none',
  retention: { days: 30, bytes: 4096 * MiB },
})

export const validated = defineTopic({
  name: 'forms.validated',
  partitions: 6,
  retention: { days: 365, bytes: 8192 * MiB },
})

export const recorded = defineTopic({
  name: 'forms.recorded',
  partitions: 6,
  retention: { days: 30, bytes: 2048 * MiB },
})

export const analyzed = defineTopic({
  name: 'forms.analyzed',
  partitions: 6,
  retention: { days: 365, bytes: 4096 * MiB },
})

export const confirmed = defineTopic({
  name: 'forms.confirmed',
  partitions: 6,
  retention: { days: 30, bytes: 2048 * MiB },
})

export const forwarded = defineTopic({
  name: 'forms.forwarded',
  partitions: 6,
  retention: { days: 30, bytes: 2048 * MiB },
})

/** Events of any type that a task refused, or that still failed after the last retry, with the reason. Never deleted. */
export const deadLetter = defineTopic({
  name: 'forms.dead-letter',
  partitions: 1,
  retention: { days: null, bytes: 4096 * MiB, formShare: 0.5 },
})

/** Which dead letters are being replayed, and their results. Has one partition, so that all replays read the same order. */
export const replayed = defineTopic({
  name: 'forms.replayed',
  partitions: 1,
  retention: { days: null, bytes: 1024 * MiB },
})

const version = z.string().min(1).describe('Hash of the form file that the answers belong to')

const answers = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .describe('Field name to value, in the order of the form')

export const submissionSubmitted = defineEvent('submitted', {
  topic: submitted,
  summary: 'A person submitted a form and the endpoint accepted it',
  data: z.object({
    version: version
      .optional()
      .describe('Absent if the event comes from another producer than the endpoint'),
    answers: z.record(z.string(), z.unknown()),
  }),
})

export const submissionValidated = defineEvent('validated', {
  topic: validated,
  summary: 'The answers passed the validation of their form; the values are normalised',
  data: z.object({ version, answers }),
})

export const submissionRefused = defineEvent('refused', {
  topic: validated,
  summary: 'The answers failed the validation of their form',
  data: z.object({
    version,
    errors: z.record(z.string(), z.string()).describe('Field name to what was expected'),
  }),
})

export const submissionRecorded = defineEvent('recorded', {
  topic: recorded,
  summary: 'The answers were written to a row of a sheet',
  data: z.object({
    spreadsheet: z.string(),
    tab: z.string(),
    row: z
      .int()
      .positive()
      .describe('Row number at the time of writing; people may move rows later'),
  }),
})

export const submissionAnalyzed = defineEvent('analyzed', {
  topic: analyzed,
  summary: 'The text answers were searched for slang; lists at most the first 1,000 findings',
  data: z.object({
    findings: z.array(
      z.object({
        field: z.string(),
        start: z.int().nonnegative().describe('UTF-16 offset of the first character'),
        end: z.int().positive().describe('UTF-16 offset after the last character'),
        term: z.string(),
        severity: z.enum(['mild', 'strong', 'severe']),
      }),
    ),
    masked: z.record(z.string(), z.string()).describe('Field name to its text with slang masked'),
  }),
})

const unknown = z
  .int()
  .nonnegative()
  .describe('How many attempts have no known result. Each of them may have had its effect, too')

export const submissionConfirmed = defineEvent('confirmed', {
  topic: confirmed,
  summary: 'What became of the mail to the person, or of the one to the owners of the form',
  data: z.object({
    to: z.enum(['person', 'owners']),
    state: z
      .enum(['sent', 'no-address', 'bounced', 'limited', 'unknown'])
      .describe(
        'no-address: the person gave none; bounced: the mail server refuses this address; limited: no mail, as the address got too many; unknown: no attempt has a known result',
      ),
    messageId: z.string().optional().describe('Message-ID of the mail'),
    unknown,
    reason: z.string().optional().describe('The answer of the mail server, without the address'),
  }),
})

export const submissionForwarded = defineEvent('forwarded', {
  topic: forwarded,
  summary: 'The submission was delivered to one target of the webhooks of its form',
  data: z.object({
    target: z.string().describe('Name of the target in the form'),
    status: z.int().describe('Status of its answer'),
    unknown,
  }),
})

/** Not written as such: the kit makes it from a dead letter (functions/kit/dead-letters.ts). */
export const submissionFailed = defineEvent('failed', {
  topic: deadLetter,
  summary:
    'A task did not handle an event. On the topic it is that event, unchanged, with the extensions knativeerrordest, knativeerrorcode and knativeerrordata',
  data: z.object({
    task: z.string().describe('The task that failed'),
    type: z.string().describe('Type of the event that it did not handle'),
    status: z.int().describe('Of its last answer; -1: none'),
    reason: z.string().describe('Its last answer'),
  }),
})
