import { expect, test } from '@jest/globals'
import { type ConfirmedEvent, countMails } from './mail-counts.ts'

const confirmed = (subject: string, unknown = 0, state = 'sent'): ConfirmedEvent => ({
  id: `${subject}.confirmation.0`,
  subject,
  data: { state, unknown },
})
const mailOf = (submission: string) => `<${submission}.person@example.org>`

test('one mail each', () => {
  expect(
    countMails(
      ['a', 'b'],
      ['a', 'b'].map(mailOf),
      ['a', 'b'].map((id) => confirmed(id)),
    ),
  ).toEqual({
    ...{ mails: 2, doubled: 0, unknown: 0, unknownAttempts: 0, confirmed: 2 },
    ...{ lost: 0, uncounted: 0, wrongEvents: 0 },
  })
})

test('a second mail is counted if its attempt is unknown, and no other one is', () => {
  const mails = ['a', 'a', 'b', 'b', 'b', 'c', 'c'].map(mailOf)
  const events = [confirmed('a', 1), confirmed('b', 1), confirmed('c', 0), confirmed('d', 1)]
  expect(countMails(['a', 'b', 'c', 'd'], mails, events)).toMatchObject({
    ...{ doubled: 3, unknown: 3, unknownAttempts: 3, lost: 1, uncounted: 2 },
  })
})

test('repeats of an event are one; differing, missing and other ones are wrong', () => {
  const events = [
    confirmed('a'),
    confirmed('a'),
    confirmed('b'),
    confirmed('b', 1),
    confirmed('c', 0, 'limited'),
  ]
  const submissions = ['a', 'b', 'c', 'd']
  expect(countMails(submissions, submissions.map(mailOf), events)).toMatchObject({
    confirmed: 2,
    wrongEvents: 3,
  })
})
