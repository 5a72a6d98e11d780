// The words that the page's script says.
import type { Form } from '#kit/forms/form.ts'
import { isProtected } from '../protect/needs.ts'
import { refusalText } from '../protect/refusal-text.ts'
import { wordsOf } from './language.ts'
import type { ScriptWords } from './words/words.ts'

export function scriptWordsOf(form: Form, language: string): ScriptWords {
  const { required, wrongAnswers, notStored, tooMany, failed, ...words } = wordsOf(language)
  const { sending, noConnection, busy, draft } = words
  const afterRefusal = { required, wrongAnswers, notStored, tooMany, failed }
  const refusals = isProtected(form) ? refusalsOf(form, language) : {}
  return { ...afterRefusal, refusals, sending, noConnection, busy, draft }
}

/** After `stamp` the script moves to a new page, so it says nothing. */
const reasons = ['not-open', 'closed', 'full', 'captcha', 'captcha-unreachable', 'key'] as const

const refusalsOf = (form: Form, language: string): ScriptWords['refusals'] =>
  Object.fromEntries(
    reasons.map((reason) => [reason, refusalText({ reason }, form, language)] as const),
  )
