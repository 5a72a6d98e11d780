// What a person reads when a protected form takes no submission.
import type { Form } from '#kit/forms/form.ts'
import type { Moment } from '#kit/forms/sections/protect.ts'
import { wordsOf } from '../page/language.ts'
import type { Problem } from '../problem.ts'
import type { Reason } from './reason.ts'

/** Undefined for a problem without words of its own. */
export function refusalText(
  { reason }: Pick<Problem, 'reason'>,
  form: Form,
  language: string,
): string | undefined {
  // The page says by itself what follows from a 429.
  if (reason === undefined || reason === 'too-many') return undefined
  const words = wordsOf(language).refusals[reason]
  const moment = momentOf(reason, form)
  return moment ? `${words} ${dateText(moment, language)}` : words
}

function momentOf(reason: Reason, { protect }: Form): Moment | undefined {
  if (reason === 'not-open') return protect.opens
  return reason === 'closed' ? protect.closes : undefined
}

/** With the time zone that the form's file has. */
const dateText = ({ at, zone }: Moment, language: string): string =>
  new Intl.DateTimeFormat(language, {
    dateStyle: 'full',
    timeStyle: 'long',
    timeZone: zone,
  }).format(at)
