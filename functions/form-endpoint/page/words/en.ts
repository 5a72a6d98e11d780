import type { Words } from './words.ts'

export const en: Words = {
  optional: 'optional',
  choose: 'Choose one',
  submit: 'Submit',
  wrongAnswers: 'Some answers do not fit yet. Correct them below, then submit again.',
  required: 'Please answer this',
  thanksTitle: 'Thank you',
  thanks: 'Your answers have been received.',
  notStored: 'Your answers could not be stored right now. They are still here: submit again.',
  failed: 'This did not work',
}
