// The message to a target: its body, and the headers of Standard Webhooks (https://www.standardwebhooks.com).
import { createHash } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { FormEvent } from '#kafka/define-event.ts'
import { Rejected } from '#kit/errors.ts'
import type { Form } from '#kit/forms/form.ts'
import type { TemplateValue } from '#kit/templates/output-kinds.ts'
import { scopeOf } from '#kit/templates/scope.ts'
import { MissingSecret } from './address.ts'
import type { Target } from './options.ts'
import type { Message } from './outbound/post.ts'
import { keysOf, type Secrets } from './secrets.ts'

export interface Forwarded {
  event: FormEvent
  form: Pick<Form, 'id' | 'title'>
  target: Target
}

/** `now`: the time of the attempt. */
export function messageFor(forwarded: Forwarded, secrets: Secrets, now = new Date()): Message {
  const { target } = forwarded
  const body = bodyOf(forwarded)
  const id = messageId(forwarded)
  const keys = target.secret === undefined ? [] : keysOf(secrets, target.secret)
  if (!keys) throw new MissingSecret(target.secret as string)
  return {
    headers: {
      'content-type': target.template ? 'application/json' : 'application/cloudevents+json',
      'user-agent': 'formstream',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      ...(keys.length > 0 && {
        'webhook-signature': keys.map((key) => new Webhook(key).sign(id, now, body)).join(' '),
      }),
    },
    body,
  }
}

/** The same for each attempt and each replay, so that a target can drop repeats. */
function messageId({ event, target }: Forwarded): string {
  const parts = JSON.stringify([event.form, event.subject, event.type, target.name])
  return `msg_${createHash('sha256').update(parts).digest('base64url').slice(0, 27)}`
}

function bodyOf({ event, form, target: { template } }: Forwarded): string {
  if (!template) return JSON.stringify(event)
  const { answers = {} } = event.data as { answers?: Record<string, TemplateValue> }
  const { subject = event.id, time = '' } = event
  const body = template.render(scopeOf({ form, id: subject, time, answers }))
  if (isJson(body)) return body
  // The body may contain answers, so the message does not quote it.
  throw new Rejected('Expected the template to give JSON, found other text')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
