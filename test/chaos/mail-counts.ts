// Compares the mails in the mailbox with the submissions and their events `confirmed`.

export interface ConfirmedEvent {
  /** Of the event. Repeats have the same. */
  id: string
  /** The submission. */
  subject: string
  data: { state: string; unknown: number }
}

export interface MailCounts {
  /** Mails in the mailbox. */
  mails: number
  /** Submissions with at least two mails. */
  doubled: number
  /** Submissions with an event that counts an unknown attempt. */
  unknown: number
  /** Unknown attempts of all of them. */
  unknownAttempts: number
  /** Submissions with an event that says `sent`. */
  confirmed: number
  /** Submissions without a mail. Expected: 0. */
  lost: number
  /** Mails of a submission beyond one and its unknown attempts. Expected: 0. */
  uncounted: number
  /** Submissions without an event, with one that does not say `sent`, or with two that differ. Expected: 0. */
  wrongEvents: number
}

/** `messageIds`: of the mails in the mailbox. They begin with the id of the submission. */
export function countMails(
  submissions: string[],
  messageIds: string[],
  events: ConfirmedEvent[],
): MailCounts {
  const mails = new Map<string, number>()
  for (const id of messageIds.map(submissionOf)) mails.set(id, (mails.get(id) ?? 0) + 1)
  const texts = new Map<string, Set<string>>()
  for (const { subject, id, data } of events) {
    texts.set(subject, (texts.get(subject) ?? new Set()).add(JSON.stringify({ id, data })))
  }
  const facts = new Map(events.map(({ subject, data }) => [subject, data]))
  const all = submissions.map((id) => ({
    mails: mails.get(id) ?? 0,
    unknown: facts.get(id)?.unknown ?? 0,
    sent: facts.get(id)?.state === 'sent',
    events: texts.get(id)?.size ?? 0,
  }))
  const sum = (value: (one: (typeof all)[number]) => number) =>
    all.reduce((total, one) => total + value(one), 0)
  return {
    mails: messageIds.length,
    doubled: sum((one) => Number(one.mails > 1)),
    unknown: sum((one) => Number(one.unknown > 0)),
    unknownAttempts: sum((one) => one.unknown),
    confirmed: sum((one) => Number(one.sent)),
    lost: sum((one) => Number(one.mails === 0)),
    uncounted: sum((one) => Math.max(0, one.mails - 1 - one.unknown)),
    wrongEvents: sum((one) => Number(one.events !== 1 || !one.sent)),
  }
}

const submissionOf = (messageId: string): string => /^<([^.]+)\./.exec(messageId)?.[1] ?? messageId
