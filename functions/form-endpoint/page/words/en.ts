import type { FieldOptions, Words } from './words.ts'

export const en: Words = {
  optional: 'optional',
  star: 'Please answer what has a star (*).',
  choose: 'Choose one',
  yes: 'Yes',
  no: 'No',
  submit: 'Submit',
  wrongAnswers: 'Some answers do not fit yet. Correct them, then submit again.',
  required: 'Please answer this',
  // The others have the text that JSON clients get.
  expected: {
    choice: () => 'Choose one from the list',
    'multi-choice': () => 'Choose from the list',
    boolean: ({ mustBe }) => (mustBe ? 'Tick this box' : 'Choose yes or no'),
    date: dateOf,
  },
  thanksTitle: 'Thank you',
  thanks: 'Your answers have been received.',
  receipt: 'See what happens with your answers',
  notStored: 'Your answers could not be stored right now. They are still here: submit again.',
  tooMany: 'There were too many submissions. Your answers are still here: submit again later.',
  failed: 'This did not work',
  missing: 'There is no page at this address. Check the address, or ask whoever gave it to you.',
  leaveEmpty: 'Leave this field empty',
  refusals: {
    'not-open': 'This form is not open yet. It opens on',
    closed: 'This form is closed. It was open until',
    full: 'This form takes no more answers.',
    captcha: 'Please solve the captcha, then submit again.',
    'captcha-unreachable':
      'The captcha cannot be checked right now. Your answers are still here: submit again.',
    stamp: 'This page was too old. Your answers are still here: check them, then submit again.',
    key: 'This form can only be sent by a program that has a key.',
  },
  goBack: 'Your answers are still in the form: go back to it with your browser.',
  forms: 'Forms',
  sending: 'Sending…',
  noConnection: 'No connection. Trying again…',
  busy: 'This takes longer than usual. Trying again…',
  draft: 'These are your answers from before. They are kept in this browser until you submit.',
}

/** Browsers show dates in the notation of their country, so the message names none. */
function dateOf({ min, max }: FieldOptions): string {
  return `Choose a date${min ? ` from ${min}` : ''}${max ? ` to ${max}` : ''}`
}
