// The words that the page's script says.
import { wordsOf } from './language.ts'
import type { ScriptWords } from './words/words.ts'

export function scriptWordsOf(language: string): ScriptWords {
  const { required, wrongAnswers, notStored, tooMany, failed, ...words } = wordsOf(language)
  const { sending, noConnection, busy, draft } = words
  const afterRefusal = { required, wrongAnswers, notStored, tooMany, failed }
  return { ...afterRefusal, sending, noConnection, busy, draft }
}
